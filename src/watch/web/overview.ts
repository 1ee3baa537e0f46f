import type { DaemonState, TargetState } from '../state/model.js';
import { renderFindings } from './findings.js';
import { fragmentId } from './fragment-id.js';
import { type Html, html } from './html.js';
import { statusIcon } from './icons.js';
import { countNoun, STATUS_LABELS, STATUSES } from './labels.js';
import { renderTime } from './time.js';

/** The overview: the source, the number of targets by state, and the targets that need attention. */
export function renderOverview({ source, targets, queueDepth }: DaemonState): Html {
  return html`<section class="overview" id="overview" aria-label="Overview">
${problems(source.diagnostics)}
${targets.length === 0 ? empty : counts(targets)}
${attention(targets)}
<p class="source">Source <code>${source.place}</code>${source.commit !== undefined && html` at <code title="${source.commit}">${source.commit.slice(0, 8)}</code>`}, loaded ${renderTime(source.loadedAt)}${queueDepth > 0 && html`; ${countNoun(queueDepth, 'target')} waiting for a turn`}</p>
</section>`;
}

const empty = html`<div class="empty"><p><strong>No targets yet.</strong></p><p>Add a vendor account under <code>targets:</code> in the project file; it shows up here as soon as the file is saved.</p></div>`;

function counts(targets: readonly TargetState[]): Html {
  const groups = STATUSES.map((status) => ({ status, n: targets.filter((t) => t.status === status).length }));
  const calm = targets.length > 0 && targets.every((target) => target.status === 'in-sync');
  return html`<h2 class="verdict">${calm ? html`${targets.length === 1 ? 'The target is' : `All ${targets.length} targets are`} in sync` : verdict(targets)}</h2>
<ul class="counts">${groups
    .filter(({ n }) => n > 0)
    .map(
      ({ status, n }) =>
        html`<li class="${status}">${statusIcon(status)}<b>${n}</b> ${STATUS_LABELS[status].toLowerCase()}</li>`,
    )}</ul>`;
}

function verdict(targets: readonly TargetState[]): string {
  const bad = targets.filter(({ status }) => status === 'failing' || status === 'drifted').length;
  if (targets.length === 1) return bad === 1 ? 'The target needs attention' : 'Nothing needs attention';
  if (bad === 0) return `${countNoun(targets.length, 'target')}, none needs attention`;
  return `${bad} of ${countNoun(targets.length, 'target')} ${bad === 1 ? 'needs' : 'need'} attention`;
}

/** Shortcuts past everything that is calm; a handful of targets needs none. */
function attention(targets: readonly TargetState[]): Html | undefined {
  const bad = targets.filter(({ status }) => status === 'failing' || status === 'drifted');
  if (bad.length === 0 || targets.length <= FEW) return undefined;
  return html`<nav aria-label="Targets that need attention"><ul class="shortcuts">${bad.map(
    ({ name, status }) =>
      html`<li class="${status}"><a href="#${fragmentId(name)}">${statusIcon(status)}${name}<span class="visually-hidden">, ${STATUS_LABELS[status]}</span></a></li>`,
  )}</ul></nav>`;
}

const FEW = 3;

function problems(diagnostics: DaemonState['source']['diagnostics']): Html | undefined {
  if (diagnostics.length === 0) return undefined;
  const broken = diagnostics.some((d) => d.severity === 'error');
  const title = broken
    ? 'The newest version cannot be used; the last good one stays active'
    : 'The source has warnings';
  return html`<div class="banner ${broken ? 'failing' : 'drifted'}"><h2>${statusIcon(broken ? 'failing' : 'drifted')}${title}</h2>${renderFindings(diagnostics, 'short').shown}</div>`;
}
