import type { Change, Plan } from '../model/plan.js';
import type { Target } from '../model/project.js';
import { byTarget } from './by-target.js';
import { changeMarkdown, changeTitle } from './change-markdown.js';
import { diagnosticsMarkdown } from './diagnostics-markdown.js';
import { type Hint, markdownHint } from './hint.js';
import { code, table } from './markdown.js';
import { inReviewOrder } from './review-order.js';
import { type Budget, openRoom, type Room } from './room.js';
import { joinLines } from './style.js';
import { ACTIONS, count } from './wording.js';

/** A plan as markdown, and how much of it had no room. */
export interface PlanDocument {
  text: string;
  /** Objects that are not shown whole: with their title only, or not at all. */
  hidden: number;
}

/** Our own short words around the changes of a plan. */
export interface Frame {
  /** Lines, with the empty one that ends them. */
  headline: readonly string[];
  hints: readonly Hint[];
  foot: readonly string[];
  /** Where somebody finds the changes that had no room, unless the budget says. */
  elsewhere: string;
}

/** Within a frame a table, the diagnostics, and the changes. What has no room is left out by whole objects, and counted. */
export function changesDocument(
  plan: Plan,
  targets: readonly Target[],
  { headline, hints, foot, elsewhere }: Frame,
  budget: Budget,
): PlanDocument {
  const room = openRoom(budget);
  const where = room.rest === undefined ? elsewhere : `all are ${room.rest}`;
  // Held back for the note at the end, whatever numbers it will hold.
  room.take([...headline, ...foot, ...hiddenNote(plan.changes.length, plan.changes.length, where)]);
  const head = [
    ...targetTable(plan, targets, room.part(0.2)),
    ...hintList(hints, room),
    ...diagnosticsMarkdown(plan.diagnostics, room.part(0.4)),
  ];
  const { lines, titled, missing } = blocks(inReviewOrder(plan.changes), room);
  const note = hiddenNote(titled, missing, where);
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

function hintList(hints: readonly Hint[], room: Room): string[] {
  const lines = hints.length > 0 ? [...hints.map((hint) => `- ${markdownHint(hint)}`), ''] : [];
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

function hiddenNote(titled: number, missing: number, where: string): string[] {
  if (titled + missing === 0) return [];
  const parts = [
    ...(missing > 0 ? [`${count(missing, 'more object')} not shown here`] : []),
    ...(titled > 0 ? [`${count(titled, 'object')} by title only`] : []),
  ];
  return [`_${parts.join(', ')}, for want of room; ${where}._`, ''];
}
