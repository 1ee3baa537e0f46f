import type { ApplyReport, Outcome } from '../model/outcome.js';
import { applyHints, applyVerdict, nextStep, reason, sentCounts } from './apply-words.js';
import { diagnosticsMarkdown } from './diagnostics-markdown.js';
import { markdownHint } from './hint.js';
import { code, details, table } from './markdown.js';
import { type Budget, openRoom, type Room } from './room.js';
import { joinLines, truncate } from './style.js';
import { count } from './wording.js';

/**
 * What became of a plan, for a comment or a job summary: what needs a look is open, the rest is folded. Rows that have no
 * room are counted, those of what went well first.
 */
export function applyMarkdown(report: ApplyReport, budget: Budget = {}): string {
  const room = openRoom(budget);
  const needsLook = report.outcomes.filter(
    (o) => o.status !== 'applied' || (o.notPersisted ?? []).length > 0,
  );
  const fine = report.outcomes.filter((outcome) => !needsLook.includes(outcome));
  const hints = applyHints(report).map((hint) => `- ${markdownHint(hint)}`);
  const headline = [`**${applyVerdict(report)}**`, '', ...hints, ...(hints.length > 0 ? [''] : [])];
  const foot = [`${sentCounts(report)}. Fingerprint ${code(truncate(report.fingerprint, 100))}`];
  room.take([...headline, ...foot]);
  const look = lookTable(needsLook, room.part(0.6));
  const diagnostics = diagnosticsMarkdown(report.diagnostics, room.part(0.6));
  return joinLines([...headline, ...look, ...diagnostics, ...fineTable(fine, room), ...foot]);
}

function lookTable(outcomes: readonly Outcome[], room: Room): readonly string[] {
  if (outcomes.length === 0) return [];
  const rows = outcomes.map((o) => [o.status, o.action, code(o.address), explanation(o)]);
  const head = ['status', 'action', 'object', 'why, and what next'];
  const { lines } = room.fill(rows.length, (most) => [
    ...table(head, rows.slice(0, most)),
    '',
    ...more(rows.length - most, room),
  ]);
  return lines;
}

function fineTable(outcomes: readonly Outcome[], room: Room): readonly string[] {
  if (outcomes.length === 0) return [];
  const rows = outcomes.map((o) => [o.action, code(o.address), o.id ? code(o.id) : '']);
  const { lines } = room.fill(rows.length, (most) => [
    ...details(`${rows.length} applied`, table(['action', 'object', 'id'], rows.slice(0, most))),
    '',
    ...more(rows.length - most, room),
  ]);
  return lines;
}

function explanation(outcome: Outcome): string {
  const why = reason(outcome);
  const kept = outcome.notPersisted ?? [];
  const parts = [why && code(truncate(why, 300)), nextStep(outcome)];
  if (kept.length > 0) parts.push(`accepted, but not kept by the vendor: ${kept.map(code).join(', ')}`);
  return parts.filter(Boolean).join('<br>');
}

function more(rest: number, room: Room): string[] {
  const where = room.rest === undefined ? '' : `; all are ${room.rest}`;
  return rest > 0 ? [`_${count(rest, 'more object')} not shown here${where}._`, ''] : [];
}
