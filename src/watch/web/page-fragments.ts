import { createHash } from 'node:crypto';
import { stringifyExact } from '../../model/exact-json.js';
import type { Shown } from '../../report/index.js';
import type { Daemon, TargetState } from '../state/model.js';
import { fragmentId } from './fragment-id.js';
import type { Html } from './html.js';
import { renderOverview } from './overview.js';
import { renderPlanContent } from './plan.js';
import { renderTargetSection } from './target-section.js';
import type { View } from './view.js';

/** A piece of the page that is replaced as a whole. */
export interface PageFragment {
  id: string;
  /** Another one whenever the markup is another. */
  version: string;
  markup: Buffer;
}

/** The parts of the page as of now, for readers and for those who may act. */
export type PageFragments = (actions: boolean) => Promise<PageFragment[]>;

/** Renders each part once for each change of what it shows, however many look at it. */
export function createPageFragments(daemon: Daemon): PageFragments {
  const parts = memory<PageFragment>();
  const plans = memory<Shown<Html>>();

  return async (actions) => {
    const state = daemon.state();
    const { project, source, queueDepth, targets } = state;
    const view: View = { actions, roomy: targets.length <= MOST_ROOMY };
    const gist = targets.map(({ name, status }) => [name, status]);
    const section = async (target: TargetState) => {
      const plan = await plans.of(target.name, stringifyExact(target.plan), () =>
        renderPlanContent(target.plan),
      );
      return toFragment(fragmentId(target.name), renderTargetSection(target, plan, view));
    };
    parts.keepOnly(
      new Set(targets.flatMap(({ name }) => [`true ${name}`, `false ${name}`]).concat('overview')),
    );
    plans.keepOnly(new Set(targets.map(({ name }) => name)));
    return Promise.all([
      parts.of('overview', JSON.stringify([project, source, queueDepth, gist]), async () =>
        toFragment('overview', renderOverview(state)),
      ),
      ...targets.map((target) =>
        parts.of(`${actions} ${target.name}`, stringifyExact([view.roomy, target]), () => section(target)),
      ),
    ]);
  };
}

/** Caches a result for as long as its input stays the same. */
function memory<T>() {
  const made = new Map<string, { from: string | undefined; result: Promise<T> }>();
  return {
    of(key: string, from: string | undefined, make: () => Promise<T>): Promise<T> {
      const known = made.get(key);
      if (known !== undefined && known.from === from) return known.result;
      const result = make();
      made.set(key, { from, result });
      // A failed result is made again.
      result.catch(() => made.get(key)?.result === result && made.delete(key));
      return result;
    },
    keepOnly(keys: ReadonlySet<string>): void {
      for (const key of made.keys()) if (!keys.has(key)) made.delete(key);
    },
  };
}

/** With so few targets, plans are unfolded from the start. */
const MOST_ROOMY = 3;

function toFragment(id: string, { markup: text }: Html): PageFragment {
  const version = createHash('sha256').update(text).digest('base64url').slice(0, 12);
  // The version stands in the tag itself, for the script to compare.
  const markup = Buffer.from(text.replace(/^<section /, `<section data-version="${version}" `));
  return { id, version, markup };
}
