import type { RunRecord, TargetState } from '../state/model.js';
import { type Html, html } from './html.js';
import { countNoun, RESULT_LABELS, TRIGGER_LABELS } from './labels.js';
import { formatDuration, formatTime, renderTime } from './time.js';

/** The last runs as a row of marks, oldest first, each with its words. */
export function renderTimeline({ name, runs }: TargetState): Html {
  if (runs.length === 0) return html`<p class="quiet">No runs yet.</p>`;
  return html`<ol class="timeline" aria-label="Last ${countNoun(runs.length, 'run')} of ${name}, oldest first">${runs.map(mark)}</ol>`;
}

/** The newest runs, with everything that is known of them. */
export function renderRecentRuns({ runs }: TargetState): Html | undefined {
  if (runs.length === 0) return undefined;
  const newest = runs.slice(-SHOWN).reverse();
  const title = newest.length === runs.length ? 'Runs' : `Last ${SHOWN} runs`;
  return html`<details class="history" data-key="runs"><summary>${title}</summary>
<div class="scroll" tabindex="0" role="region" aria-label="${title}"><table>
<thead><tr><th scope="col">When</th><th scope="col">Result</th><th scope="col">Set off by</th><th scope="col">Took</th><th scope="col">Changes</th><th scope="col">Commit</th></tr></thead>
<tbody>${newest.map(row)}</tbody></table></div></details>`;
}

const SHOWN = 10;

function mark(run: RunRecord): Html {
  const words = `${formatTime(run.startedAt)}: ${RESULT_LABELS[run.result]}${run.error === undefined ? '' : ` (${run.error.code})`}, ${TRIGGER_LABELS[run.trigger]}`;
  return html`<li class="run ${run.result}" title="${words}"><span class="visually-hidden">${words}</span></li>`;
}

function row(run: RunRecord): Html {
  const { result, trigger, changes, applied, failed, commit, error } = run;
  const done = [`${applied} of ${changes} applied`, ...(failed > 0 ? [`${failed} failed`] : [])].join(', ');
  return html`<tr><td>${renderTime(run.startedAt)}</td>
<td><span class="run ${result}"></span> ${RESULT_LABELS[result]}${error && html`<p class="why"><code>${error.code}</code> ${error.message}</p>`}</td>
<td>${TRIGGER_LABELS[trigger]}</td><td>${formatDuration(run.durationMs)}</td><td>${changes === 0 ? 'none' : done}</td>
<td>${commit === undefined ? '–' : html`<code>${commit.slice(0, 8)}</code>`}</td></tr>`;
}
