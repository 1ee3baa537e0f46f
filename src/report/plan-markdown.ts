import type { Change, Plan } from '../model/plan.js';
import type { Target } from '../model/project.js';
import { byTarget } from './by-target.js';
import { changeMarkdown, changeTitle } from './change-markdown.js';
import { diagnosticsMarkdown } from './diagnostics-markdown.js';
import { code, table } from './markdown.js';
import { inReviewOrder } from './review-order.js';
import { type Budget, openRoom, type Room } from './room.js';
import { joinLines, truncate } from './style.js';
import { ACTIONS, count, planHints, requestCounts, verdict } from './wording.js';

/** A plan as markdown, and how much of it had no room. */
export interface PlanDocument {
  text: string;
  /** Objects that are not shown whole: with their title only, or not at all. */
  hidden: number;
}

/** The text of `planDocument`. */
export function planMarkdown(plan: Plan, targets: readonly Target[], budget: Budget = {}): string {
  return planDocument(plan, targets, budget).text;
}

/**
 * The plan for a pull request comment or a job summary: the verdict, a table, then one folded block for each object,
 * the dangerous ones first. What has no room is left out by whole objects, and counted.
 */
export function planDocument(plan: Plan, targets: readonly Target[], budget: Budget = {}): PlanDocument {
  const room = openRoom(budget);
  const headline = [`**${verdict(plan)}**`, ''];
  const foot = [`${requestCounts(plan)}. Fingerprint ${code(truncate(plan.fingerprint, 100))}`];
  // Held back for the note at the end, whatever numbers it will hold.
  room.take([...headline, ...foot, ...hiddenNote(plan.changes.length, plan.changes.length, room)]);
  const head = [
    ...targetTable(plan, targets, room.part(0.2)),
    ...hintList(plan, room),
    ...diagnosticsMarkdown(plan.diagnostics, room.part(0.4)),
  ];
  const { lines, titled, missing } = blocks(inReviewOrder(plan.changes), room);
  const note = hiddenNote(titled, missing, room);
  return { text: joinLines([...headline, ...head, ...lines, ...note, ...foot]), hidden: titled + missing };
}

/** Up to that many targets the table has a row for each, also where nothing changes. */
const FEW_TARGETS = 10;

function targetTable(plan: Plan, targets: readonly Target[], room: Room): readonly string[] {
  if (plan.changes.length === 0) return [];
  const all = byTarget(plan.changes, targets);
  const shown = all.length <= FEW_TARGETS ? all : all.filter(({ changes }) => changes.length > 0);
  const rows = shown.map(({ name, changes }) => [
    code(name),
    ...ACTIONS.map((action) => changes.filter((change) => change.action === action).length || ''),
  ]);
  const total = ACTIONS.map((action) => (plan.summary[action] > 0 ? `**${plan.summary[action]}**` : ''));
  return room.fill(rows.length, (most) => {
    const quiet = all.length - shown.length;
    const notes = [
      ...(most < rows.length ? [`${count(rows.length - most, 'more target')} with changes`] : []),
      ...(quiet > 0 ? [`${count(quiet, 'target')} without changes`] : []),
    ];
    const body = [...rows.slice(0, most), ...(all.length > 1 ? [['**total**', ...total]] : [])];
    return [
      ...table(['target', ...ACTIONS], body),
      '',
      ...(notes.length > 0 ? [`_${notes.join(', ')}._`, ''] : []),
    ];
  });
}

function hintList(plan: Plan, room: Room): string[] {
  const hints = planHints(plan).map((hint) => `- ${hint}`);
  const lines = hints.length > 0 ? [...hints, ''] : [];
  return room.take(lines) ? lines : [];
}

function blocks(
  changes: readonly Change[],
  room: Room,
): { lines: string[]; titled: number; missing: number } {
  const lines: string[] = [];
  let titled = 0;
  let missing = 0;
  for (const change of changes) {
    // A long text is not even compared when there is no room left for it.
    if (room.left() < LEAST_ROOM) missing += 1;
    else if (put(lines, changeMarkdown(change), room)) continue;
    else if (put(lines, changeTitle(change), room)) titled += 1;
    else missing += 1;
  }
  return { lines, titled, missing };
}

const LEAST_ROOM = 500;

function put(lines: string[], block: readonly string[], room: Room): boolean {
  const fits = room.take([...block, '']);
  if (fits) lines.push(...block, '');
  return fits;
}

function hiddenNote(titled: number, missing: number, { rest }: Room): string[] {
  if (titled + missing === 0) return [];
  const parts = [
    ...(missing > 0 ? [`${count(missing, 'more object')} not shown here`] : []),
    ...(titled > 0 ? [`${count(titled, 'object')} by title only`] : []),
  ];
  const where = rest === undefined ? 'the text and JSON forms of the plan hold all' : `all are ${rest}`;
  return [`_${parts.join(', ')}, for want of room; ${where}._`, ''];
}
