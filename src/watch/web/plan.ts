import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Change, countChanges, type ShownPlan } from '../../model/plan.js';
import { changeHtml, type Detail, inReviewOrder, planHtml, type Shown } from '../../report/index.js';
import type { TargetState } from '../state/model.js';
import { fragmentId } from './fragment-id.js';
import { type Html, html, trustedHtml } from './html.js';
import { countNoun } from './labels.js';
import type { View } from './view.js';

/** The open changes of a target, object by object; `content` is the result of `renderPlanContent`. */
export function renderPlan({ name, plan }: TargetState, content: Html, { roomy }: View): Html | undefined {
  if (plan === undefined || plan.changes.length === 0) return undefined;
  const left = countChanges(plan);
  const orphans = plan.changes.length - left;
  const parts = [left > 0 && countNoun(left, 'change'), orphans > 0 && countNoun(orphans, 'orphan')].filter(
    Boolean,
  );
  const unseen = plan.changes.length - MOST_OBJECTS;
  return html`<details class="fold" data-key="plan"${roomy && html` open`}><summary><h3>Plan: ${parts.join(', ')}</h3></summary>
<div class="plan">${content}</div>
<p class="quiet">${unseen > 0 && `And ${countNoun(unseen, 'object')} more. `}<a href="${planPagePath(name)}">The whole plan, nothing cut</a></p></details>`;
}

/** Where all of a target's plan is; `page` of the plan with that fingerprint. */
export function planPagePath(name: string, fingerprint?: string, page = 1): string {
  const query = new URLSearchParams({ part: fragmentId(name) });
  if (fingerprint !== undefined) query.set('plan', fingerprint);
  if (page > 1) query.set('page', String(page));
  return `/plan?${query}`;
}

/** A longer page is not read, and costs every browser that has it open. */
export const MOST_OBJECTS = 100;

/** The first objects and their fields, in short. What is dangerous comes first, so it is never what is left out. */
export async function renderPlanContent(plan: ShownPlan | undefined): Promise<Shown<Html>> {
  if (plan === undefined || plan.changes.length === 0) return { shown: html``, cut: false };
  const { shown, cut } = await renderBlocks(inReviewOrder(plan.changes).slice(0, MOST_OBJECTS), 'short');
  return { shown: trustedHtml(planHtml(plan, shown)), cut: cut || plan.changes.length > MOST_OBJECTS };
}

/** Long texts take long to compare, so that other work gets its turn in between: the daemon has better things to do. */
export async function renderBlocks(changes: readonly Change[], detail: Detail): Promise<Shown<string[]>> {
  const blocks: string[] = [];
  let someCut = false;
  for (const change of changes) {
    const { shown, cut } = changeHtml(change, detail);
    blocks.push(shown);
    someCut ||= cut;
    await nextTurn();
  }
  return { shown: blocks, cut: someCut };
}
