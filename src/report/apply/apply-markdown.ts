import type { ApplyReport, Outcome } from '../../model/outcome.js';
import { diagnosticsMarkdown } from '../diagnostics/diagnostics-markdown.js';
import { countNoun } from '../format/counts.js';
import { markdownHint } from '../format/hint.js';
import { foldedDetails, inlineCode, table } from '../format/markdown.js';
import { asPrefix } from '../format/sentence.js';
import { type Budget, createSizeBudget, type SizeBudget } from '../format/size-budget.js';
import { joinLines, truncate } from '../format/style.js';
import {
  applyHints,
  applyVerdict,
  outcomeNextStep,
  outcomeReason,
  requestTotals,
  rewrittenTexts,
} from './apply-summary.js';

/**
 * The outcome of a plan, for a comment or a job summary: what needs a look is open, the rest is folded. Rows that have no
 * room are counted, those of what went well first.
 */
export function applyMarkdown(report: ApplyReport, budget: Budget = {}): string {
  const room = createSizeBudget(budget);
  const needsLook = report.outcomes.filter(
    (o) => o.status !== 'applied' || (o.notPersisted ?? []).length > 0,
  );
  const fine = report.outcomes.filter((outcome) => !needsLook.includes(outcome));
  const hints = applyHints(report).map((hint) => `- ${markdownHint(hint)}`);
  const headline = [`**${applyVerdict(report)}**`, '', ...hints, ...(hints.length > 0 ? [''] : [])];
  const foot = [
    `${asPrefix(requestTotals(report))}Fingerprint ${inlineCode(truncate(report.fingerprint, 100))}`,
  ];
  room.take([...headline, ...foot]);
  const look = lookTable(needsLook, room.share(0.6));
  const diagnostics = diagnosticsMarkdown(report.diagnostics, room.share(0.6));
  return joinLines([...headline, ...look, ...diagnostics, ...fineTable(fine, room), ...foot]);
}

function lookTable(outcomes: readonly Outcome[], room: SizeBudget): readonly string[] {
  if (outcomes.length === 0) return [];
  const rows = outcomes.map((o) => [o.status, o.action, inlineCode(o.address), explanation(o)]);
  const head = ['status', 'action', 'object', 'why, and what next'];
  const { lines } = room.fill(rows.length, (most) => [
    ...table(head, rows.slice(0, most)),
    '',
    ...more(rows.length - most, room),
  ]);
  return lines;
}

function fineTable(outcomes: readonly Outcome[], room: SizeBudget): readonly string[] {
  if (outcomes.length === 0) return [];
  const rows = outcomes.map((o) => [
    o.action,
    [inlineCode(o.address), ...rewrittenNote(o)].join('<br>'),
    o.id ? inlineCode(o.id) : '',
  ]);
  const { lines } = room.fill(rows.length, (most) => [
    ...foldedDetails(`${rows.length} applied`, table(['action', 'object', 'id'], rows.slice(0, most))),
    '',
    ...more(rows.length - most, room),
  ]);
  return lines;
}

function explanation(outcome: Outcome): string {
  const why = outcomeReason(outcome);
  const kept = outcome.notPersisted ?? [];
  const parts = [why && inlineCode(truncate(why, 300)), outcomeNextStep(outcome)];
  if (kept.length > 0) parts.push(`accepted, but not kept by the vendor: ${kept.map(inlineCode).join(', ')}`);
  return [...parts, ...rewrittenNote(outcome)].filter(Boolean).join('<br>');
}

function rewrittenNote(outcome: Outcome): string[] {
  const texts = rewrittenTexts(outcome);
  return texts.length === 0
    ? []
    : [`kept in a form that reads the same: ${texts.map(inlineCode).join(', ')}`];
}

function more(rest: number, room: SizeBudget): string[] {
  const where = room.rest === undefined ? '' : `; all are ${room.rest}`;
  return rest > 0 ? [`_${countNoun(rest, 'more object')} not shown here${where}._`, ''] : [];
}
