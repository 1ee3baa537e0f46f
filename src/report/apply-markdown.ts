import type { ApplyReport, Outcome } from '../model/outcome.js';
import { applyHints, applyVerdict, nextStep, reason, sentCounts } from './apply-words.js';
import { diagnosticsMarkdown } from './diagnostics-markdown.js';
import { code, details, table } from './markdown.js';
import { joinLines, truncate } from './style.js';
import { count } from './wording.js';

/** What became of a plan, for a comment or a job summary: what needs a look is open, the rest is folded. */
export function applyMarkdown(report: ApplyReport): string {
  const needsLook = report.outcomes.filter(
    (o) => o.status !== 'applied' || (o.notPersisted ?? []).length > 0,
  );
  const fine = report.outcomes.filter((outcome) => !needsLook.includes(outcome));
  const hints = applyHints(report).map((hint) => `- ${hint}`);
  return joinLines([
    `**${applyVerdict(report)}**`,
    '',
    ...(needsLook.length > 0 ? [...lookTable(needsLook), ''] : []),
    ...(hints.length > 0 ? [...hints, ''] : []),
    ...diagnosticsMarkdown(report.diagnostics),
    ...(fine.length > 0 ? [...details(`${fine.length} applied`, fineTable(fine)), ''] : []),
    `${sentCounts(report)}. Fingerprint ${code(report.fingerprint)}`,
  ]);
}

/** Rows of one table; a comment has room for about that many. */
const MOST_ROWS = 80;

function lookTable(outcomes: readonly Outcome[]): string[] {
  const rows = outcomes.slice(0, MOST_ROWS).map((o) => [o.status, o.action, code(o.address), explanation(o)]);
  return [...table(['status', 'action', 'object', 'why, and what next'], rows), ...rest(outcomes)];
}

function fineTable(outcomes: readonly Outcome[]): string[] {
  const rows = outcomes.slice(0, MOST_ROWS).map((o) => [o.action, code(o.address), o.id ? code(o.id) : '']);
  return [...table(['action', 'object', 'id'], rows), ...rest(outcomes)];
}

function explanation(outcome: Outcome): string {
  const why = reason(outcome);
  const kept = outcome.notPersisted ?? [];
  const parts = [why && code(truncate(why, 300)), nextStep(outcome)];
  if (kept.length > 0) parts.push(`accepted, but not kept by the vendor: ${kept.map(code).join(', ')}`);
  return parts.filter(Boolean).join('<br>');
}

function rest(outcomes: readonly Outcome[]): string[] {
  const more = outcomes.length - MOST_ROWS;
  return more > 0 ? ['', `_${count(more, 'more object')} not shown here._`] : [];
}
