import { hasChanges, type ShownPlan } from '../../model/plan.js';
import type { Shown } from '../../report/index.js';
import type { TargetState } from '../state/model.js';
import { renderApproval, renderTargetButtons } from './buttons.js';
import { renderFindings } from './findings.js';
import { fragmentId } from './fragment-id.js';
import { type Html, html } from './html.js';
import { statusIcon } from './icons.js';
import { countNoun, RESULT_LABELS, STATUS_LABELS } from './labels.js';
import { planPagePath, renderPlan } from './plan.js';
import { renderRecentRuns, renderTimeline } from './runs.js';
import { renderTime } from './time.js';
import type { View } from './view.js';

/** Everything about one target. A fragment by itself: the script puts a newer one in the place of this one. `plan` is its content. */
export function renderTargetSection(target: TargetState, plan: Shown<Html>, view: View): Html {
  const { name, status } = target;
  const found = renderFindings(target.diagnostics, 'short');
  const id = fragmentId(name);
  return html`<section class="target ${status}${!view.roomy && ' dense'}" id="${id}" data-status="${status}" data-name="${name}" aria-labelledby="${id}-name" tabindex="-1">
<header>
<div class="title">
<h2 id="${id}-name">${name}</h2>
<p class="status">${statusIcon(status)}<strong>${STATUS_LABELS[status]}</strong> <span class="since">since ${renderTime(target.since)}</span></p>
</div>
<p class="facts">${facts(target)}</p>
${view.actions && renderTargetButtons(target)}
</header>
<div class="pulse">${renderTimeline(target)}<p class="when">${whenLine(target)}</p>${renderRecentRuns(target)}</div>
${target.held.length > 0 && html`<div class="held"><h3>Held back</h3><ul>${target.held.map((reason) => html`<li>${reason}</li>`)}</ul></div>`}
${found.shown}
${renderPlan(target, plan.shown, view)}
${view.actions && approvalOf(target, plan.cut || found.cut)}
</section>`;
}

/** A plan that does not fit in here has to be opened before it is approved. */
function approvalOf(target: TargetState, cut: boolean): Html | undefined {
  const { name, plan, status } = target;
  if (plan === undefined || (!cut && showsFindingsOf(plan, target))) return renderApproval(target);
  if (!hasChanges(plan) || status === 'suspended') return undefined;
  return html`<p class="approve">Not all of this plan is shown here. To approve it, go through <a href="${planPagePath(name, plan.fingerprint)}">all of it, ${countNoun(plan.changes.length, 'object')}</a>: the button is at the end.</p>`;
}

/** The findings shown are those of the last run, which may have failed before it had a plan. */
function showsFindingsOf(plan: ShownPlan, { diagnostics }: TargetState): boolean {
  const shown = new Set(diagnostics.map((one) => JSON.stringify(one)));
  return plan.diagnostics.every((one) => shown.has(JSON.stringify(one)));
}

function facts({ vendor, baseUrl, mode, plan, status, suspendedBy }: TargetState): Html {
  const by = suspendedBy === 'project' ? 'in the project file' : 'by command';
  return html`<span>${vendor}</span> <span class="url">${baseUrl}</span> <span>mode <b>${mode}</b></span>${plan !== undefined && html` <span>${countNoun(managed(plan), 'object')}</span>`}${status === 'suspended' && suspendedBy !== undefined && html` <span>suspended ${by}</span>`}`;
}

function whenLine({ runs, running, queued, nextRunAt, lastSuccessAt }: TargetState): Html {
  const last = runs.at(-1);
  const stale = lastSuccessAt !== undefined && (last?.result === 'error' || last?.result === 'terminal');
  return html`${last && html`<span>Last run ${renderTime(last.startedAt)}: ${RESULT_LABELS[last.result]}</span>`}
${stale && html`<span>Last good run ${renderTime(lastSuccessAt)}</span>`}
${running && html`<span class="busy">Running now</span>`}
${queued && html`<span class="busy">${running ? 'One more run is queued' : 'Queued'}</span>`}
${!running && !queued && nextRunAt !== undefined && html`<span>Next run ${renderTime(nextRunAt)}</span>`}`;
}

/** Managed objects, as far as the plan could see: unchanged ones, and those that apply would change. */
function managed({ summary: { noop, update, replace, delete: gone } }: ShownPlan): number {
  return noop + update + replace + gone;
}
