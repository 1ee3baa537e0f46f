import type { Diagnostic } from '../../model/diagnostic.js';
import type { ShownPlan } from '../../model/plan.js';
import type { Target } from '../../model/project.js';
import { shownDiagnostics } from '../diagnostics/diagnostics-markdown.js';
import { countNoun } from '../format/counts.js';
import { type Shown, uncut } from '../format/detail.js';
import { type Hint, markdownHint } from '../format/hint.js';
import { inlineCode, table } from '../format/markdown.js';
import { type Budget, createSizeBudget, type SizeBudget } from '../format/size-budget.js';
import { joinLines } from '../format/style.js';
import { groupByTarget, inReviewOrder } from './order-changes.js';
import { enlarge, placeChanges } from './place-changes.js';
import { ACTION_ORDER } from './plan-summary.js';
import { releasedTable } from './released.js';

/** A plan as markdown, and how much of it had no room. */
export interface PlanDocument {
  text: string;
  /** Objects that are shown with their title only, or not at all. */
  hidden: number;
  /** True if anything that a reviewer has to see was left out: whole objects, or parts of values, requests and messages. */
  cut: boolean;
}

/** Our own short words around the changes of a plan. */
export interface DocumentFrame {
  /** Lines, with the empty one that ends them. */
  headline: readonly string[];
  hints: readonly Hint[];
  foot: readonly string[];
  /** The place of the changes that had no room, unless the budget names one. */
  elsewhere: string;
}

/**
 * Within a frame a table, the diagnostics, and the changes. Long values are shortened at first, so that one cannot keep the
 * others out, and whole objects that have no room even so are left out, and counted. What room is left then goes to
 * showing whole what was shortened.
 */
export function changesDocument(
  plan: ShownPlan,
  targets: readonly Target[],
  { headline, hints, foot, elsewhere }: DocumentFrame,
  budget: Budget,
): PlanDocument {
  const room = createSizeBudget(budget);
  const where = room.rest === undefined ? elsewhere : `all are ${room.rest}`;
  const most = plan.changes.length;
  // Held back for the note at the end, with the largest numbers that it may hold.
  const released = plan.released?.length ?? 0;
  const longest = leftOutNote(
    { targets: most, missing: most, titled: most, shortened: most, released, messages: true },
    where,
  );
  room.take([...headline, ...foot, ...longest]);
  const table = targetTable(plan, targets, room.share(0.2));
  const listOfHints = hintList(hints, room);
  const briefly = shownDiagnostics(plan.diagnostics, room.share(0.4), 'short');
  const given = releasedTable(plan, room.share(0.2));
  const objects = placeChanges(inReviewOrder(plan.changes), room);
  const messages = enlarge(briefly, lengthOf(plan.diagnostics), () => everyDiagnostic(plan), room);
  const { lines, shortened } = objects.enlarge();
  const { titled, missing } = objects;
  const note = leftOutNote(
    { targets: table.left, missing, titled, shortened, released: given.left, messages: messages.cut },
    where,
  );
  const body = [...table.lines, ...listOfHints.shown, ...messages.shown, ...lines, ...given.lines, ...note];
  return {
    text: joinLines([...headline, ...body, ...foot]),
    hidden: titled + missing,
    cut: listOfHints.cut || note.length > 0,
  };
}

/** Up to that many targets the table has a row for each, also where nothing changes. */
const FEW_TARGETS = 10;

/** The lines of the table, and how many targets with changes had no room in it. */
function targetTable(
  plan: ShownPlan,
  targets: readonly Target[],
  room: SizeBudget,
): { lines: readonly string[]; left: number } {
  if (plan.changes.length === 0) return { lines: [], left: 0 };
  const all = groupByTarget(plan.changes, targets);
  // Letting go is rare, and its column would be empty in nearly every comment.
  const columns = ACTION_ORDER.filter((action) => action !== 'forget' || plan.summary.forget > 0);
  const shown = all.length <= FEW_TARGETS ? all : all.filter(({ changes }) => changes.length > 0);
  const rows = shown.map(({ name, changes }) => [
    inlineCode(name),
    ...columns.map((action) => changes.filter((change) => change.action === action).length || ''),
  ]);
  const total = columns.map((action) => (plan.summary[action] > 0 ? `**${plan.summary[action]}**` : ''));
  const quiet = all.length - shown.length;
  return room.fill(rows.length, (most) => {
    const body = [...rows.slice(0, most), ...(all.length > 1 ? [['**total**', ...total]] : [])];
    return [
      ...table(['target', ...columns], body),
      '',
      ...(quiet > 0 ? [`_${countNoun(quiet, 'target')} without changes._`, ''] : []),
    ];
  });
}

function hintList(hints: readonly Hint[], room: SizeBudget): Shown<readonly string[]> {
  const lines = hints.length > 0 ? [...hints.map((hint) => `- ${markdownHint(hint)}`), ''] : [];
  return room.take(lines) ? uncut(lines) : { shown: [], cut: true };
}

function lengthOf(diagnostics: readonly Diagnostic[]): number {
  return diagnostics.reduce((sum, { summary, detail = '' }) => sum + summary.length + detail.length, 0);
}

/** Messages without a limit of their own: whether they fit is seen afterwards. */
function everyDiagnostic({ diagnostics }: ShownPlan): Shown<readonly string[]> {
  return shownDiagnostics(diagnostics, createSizeBudget({ limit: Number.POSITIVE_INFINITY }), 'whole');
}

/** Counts of targets without a row, of objects shown in part, with their title only, or not at all, of released fields that are not listed, and whether messages are cut. */
interface LeftOut {
  targets: number;
  shortened: number;
  titled: number;
  missing: number;
  released: number;
  messages: boolean;
}

function leftOutNote(
  { targets, shortened, titled, missing, released, messages }: LeftOut,
  where: string,
): string[] {
  const parts = [
    ...(targets > 0 ? [`${countNoun(targets, 'more target')} not in the table`] : []),
    ...(missing > 0 ? [`${countNoun(missing, 'more object')} not shown here`] : []),
    ...(titled > 0 ? [`${countNoun(titled, 'object')} by title only`] : []),
    ...(shortened > 0 ? [`${countNoun(shortened, 'object')} shortened`] : []),
    ...(released > 0 ? [`${countNoun(released, 'released field')} not listed`] : []),
    ...(messages ? ['messages shortened'] : []),
  ];
  return parts.length > 0 ? [`_${parts.join(', ')} (size limit); ${where}._`, ''] : [];
}
