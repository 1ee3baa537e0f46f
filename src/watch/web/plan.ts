import type { Diagnostic } from '../../model/diagnostic.js';
import { diagnosticsHtml, planHtml } from '../../report/index.js';
import type { TargetState } from '../model.js';
import { type Html, html, trusted } from './html.js';
import type { View } from './view.js';
import { count, leftToDo } from './words.js';

/** What is left to do for a target, object by object. */
export function planOf({ plan }: TargetState, { roomy }: Pick<View, 'roomy'>): Html | undefined {
  if (plan === undefined || plan.changes.length === 0) return undefined;
  const left = leftToDo(plan);
  const orphans = plan.changes.length - left;
  const parts = [left > 0 && count(left, 'change'), orphans > 0 && count(orphans, 'orphan')].filter(Boolean);
  return html`<details class="fold" data-key="plan"${roomy && html` open`}><summary><h3>Plan: ${parts.join(', ')}</h3></summary>
<div class="plan">${trusted(planHtml(plan))}</div></details>`;
}

/** Errors and warnings; nothing where there are none. */
export function findings(diagnostics: readonly Diagnostic[], className: string): Html | undefined {
  if (diagnostics.length === 0) return undefined;
  return html`<div class="${className}">${trusted(diagnosticsHtml(diagnostics))}</div>`;
}
