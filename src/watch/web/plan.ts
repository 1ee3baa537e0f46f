import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Plan } from '../../model/plan.js';
import { changeHtml, inReviewOrder, planHtml } from '../../report/index.js';
import { type Html, html, trusted } from './html.js';
import type { View } from './view.js';
import { count, leftToDo, more } from './words.js';

/** What is left to do for a target, object by object; `content` is what `planContent` made of it. */
export function planOf(plan: Plan | undefined, content: Html, { roomy }: View): Html | undefined {
  if (plan === undefined || plan.changes.length === 0) return undefined;
  const left = leftToDo(plan);
  const orphans = plan.changes.length - left;
  const parts = [left > 0 && count(left, 'change'), orphans > 0 && count(orphans, 'orphan')].filter(Boolean);
  return html`<details class="fold" data-key="plan"${roomy && html` open`}><summary><h3>Plan: ${parts.join(', ')}</h3></summary>
<div class="plan">${content}</div></details>`;
}

/**
 * The objects and their fields. Long texts take long to compare, so that other work gets its turn in between: the daemon
 * has better things to do than to paint.
 */
export async function planContent(plan: Plan | undefined): Promise<Html> {
  if (plan === undefined || plan.changes.length === 0) return html``;
  // What is dangerous comes first, so it is never what is left out.
  const shown = inReviewOrder(plan.changes).slice(0, MOST_OBJECTS);
  const blocks: string[] = [];
  for (const change of shown) {
    blocks.push(changeHtml(change));
    await nextTurn();
  }
  const rest = more(plan.changes.length - shown.length, 'object');
  return html`${trusted(planHtml(plan, blocks))}${rest && html`<p class="quiet">${rest}</p>`}`;
}

/** A page of more than this is read by nobody, and costs everybody who has it open. */
const MOST_OBJECTS = 100;
