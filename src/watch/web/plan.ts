import type { Diagnostic } from '../../model/diagnostic.js';
import type { TargetState } from '../model.js';
import { type Html, html, trusted } from './html.js';
import { diagnosticsHtml, planHtml } from '../../report/plan-html.js';
import type { View } from './view.js';
import { count, leftToDo } from './words.js';

/** What is left to do for a target, object by object. */
export function planOf({ plan, status }: TargetState, { roomy }: Pick<View, 'roomy'>): Html | undefined {
  if (plan === undefined) {
    return status === 'pending' ? html`<p class="quiet">Not planned yet.</p>` : undefined;
  }
  const objects = plan.summary.noop;
  if (plan.changes.length === 0) {
    return html`<p class="quiet">Nothing to do: ${objects === 0 ? 'no objects are managed here' : `${count(objects, 'object')} as declared`}.</p>`;
  }
  const left = leftToDo(plan);
  const orphans = plan.changes.length - left;
  const parts = [left > 0 && count(left, 'change'), orphans > 0 && count(orphans, 'orphan')].filter(Boolean);
  return html`<details class="fold" data-key="plan"${roomy && html` open`}><summary>Plan: ${parts.join(', ')}</summary>
<div class="plan">${trusted(planHtml(plan))}</div></details>`;
}

/** Errors and warnings; nothing where there are none. */
export function findings(diagnostics: readonly Diagnostic[], className: string): Html | undefined {
  if (diagnostics.length === 0) return undefined;
  return html`<div class="${className}">${trusted(diagnosticsHtml(diagnostics))}</div>`;
}
