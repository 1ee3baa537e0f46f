import { createHash } from 'node:crypto';
import type { Daemon } from '../model.js';
import type { Html } from './html.js';
import { overview } from './overview.js';
import { partId } from './part-id.js';
import { targetSection } from './target-section.js';
import type { View } from './view.js';

/** A piece of the page that is replaced as a whole. */
export interface Part {
  id: string;
  /** Another one whenever the markup is another. */
  version: string;
  markup: Buffer;
}

/** The parts of the page as of now, for readers and for those who may act. */
export type Parts = (actions: boolean) => Part[];

/** Renders each part once for each change of what it shows, however many look at it. */
export function openParts(daemon: Daemon): Parts {
  let kept = new Map<string, { shown: string; part: Part }>();

  return (actions) => {
    const state = daemon.state();
    const view: View = { actions, roomy: state.targets.length <= MOST_ROOMY };
    const { project, source, queueDepth, targets } = state;
    const gist = targets.map(({ name, status }) => [name, status]);
    const used = new Map([...kept].filter(([key]) => !key.startsWith(`${actions} `)));
    const part = (id: string, shown: string, render: () => Html): Part => {
      const key = `${actions} ${id}`;
      const known = kept.get(key);
      const entry = known?.shown === shown ? known : { shown, part: partOf(id, render()) };
      used.set(key, entry);
      return entry.part;
    };
    const parts = [
      part('overview', JSON.stringify([project, source, queueDepth, gist]), () => overview(state)),
      ...targets.map((target) =>
        part(partId(target.name), JSON.stringify([view.roomy, target]), () => targetSection(target, view)),
      ),
    ];
    kept = used;
    return parts;
  };
}

/** With so few targets, plans are unfolded from the start. */
const MOST_ROOMY = 3;

function partOf(id: string, { markup: text }: Html): Part {
  const version = createHash('sha256').update(text).digest('base64url').slice(0, 12);
  // The version stands in the tag itself, for the script to compare.
  const markup = Buffer.from(text.replace(/^<section /, `<section data-version="${version}" `));
  return { id, version, markup };
}
