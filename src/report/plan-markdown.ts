import type { Action, Change, Plan } from '../model/plan.js';
import type { Target } from '../model/project.js';
import { byTarget } from './by-target.js';
import { changeMarkdown, changeTitle } from './change-markdown.js';
import { diagnosticsMarkdown } from './diagnostics-markdown.js';
import { code, table } from './markdown.js';
import { joinLines } from './style.js';
import { ACTIONS, count, planHints, requestCounts, verdict } from './wording.js';

export interface MarkdownOptions {
  /** The most that it may measure. Default: what GitHub allows a comment. */
  limit?: number;
  measure?: 'characters' | 'bytes';
  /** Where that which has no room is shown, as markdown: `in the [job summary](…)`. */
  rest?: string;
}

/**
 * The plan for a pull request comment or a job summary: the verdict, a table, then one folded block for each object,
 * the dangerous ones first. It stays below the 65,536 characters that GitHub allows a comment.
 */
export function planMarkdown(plan: Plan, targets: readonly Target[], options: MarkdownOptions = {}): string {
  return planDocument(plan, targets, options).text;
}

/** As `planMarkdown`, and how many objects are not shown whole. */
export function planDocument(
  plan: Plan,
  targets: readonly Target[],
  { limit = LONGEST, measure = 'characters', rest = REST }: MarkdownOptions,
): { text: string; hidden: number } {
  const size = (lines: readonly string[]) =>
    measure === 'bytes' ? Buffer.byteLength(joinLines(lines)) : joinLines(lines).length;
  const hints = planHints(plan).map((hint) => `- ${hint}`);
  const head = [
    `**${verdict(plan)}**`,
    '',
    ...(plan.changes.length > 0 ? [...targetTable(plan, targets), ''] : []),
    ...(hints.length > 0 ? [...hints, ''] : []),
    ...diagnosticsMarkdown(plan.diagnostics),
  ];
  const foot = [`${requestCounts(plan)}. Fingerprint ${code(plan.fingerprint)}`];
  const room = limit - size([...head, ...foot]) - 200 - rest.length;
  const { lines, missing, cut } = blocks(inReviewOrder(plan.changes), room, size);
  const more = `_${count(missing, 'more object')} not shown here, for want of room; all are ${rest}._`;
  const text = joinLines([...head, ...lines, ...(missing > 0 ? [more, ''] : []), ...foot]);
  return { text, hidden: missing + cut };
}

const REST = 'in the text and JSON forms of the plan';

const LONGEST = 64_000;

const REVIEW_ORDER: readonly Action[] = ['delete', 'replace', 'update', 'adopt', 'create', 'orphan'];

function inReviewOrder(changes: readonly Change[]): Change[] {
  return REVIEW_ORDER.flatMap((action) => changes.filter((change) => change.action === action));
}

function targetTable(plan: Plan, targets: readonly Target[]): string[] {
  const rows = byTarget(plan.changes, targets).map(({ name, changes }) => [
    code(name),
    ...ACTIONS.map((action) => changes.filter((change) => change.action === action).length),
  ]);
  const total = ['**total**', ...ACTIONS.map((action) => `**${plan.summary[action]}**`)];
  return table(['target', ...ACTIONS], rows.length > 1 ? [...rows, total] : rows);
}

function blocks(
  changes: readonly Change[],
  room: number,
  size: (lines: readonly string[]) => number,
): { lines: string[]; missing: number; cut: number } {
  const lines: string[] = [];
  let left = room;
  let missing = 0;
  let cut = 0;
  for (const change of changes) {
    // Where the whole object has no room its title may; a long text is not even compared when nothing has.
    const forms = left < LEAST_ROOM ? [] : [changeMarkdown, changeTitle];
    const fits = forms.find((form) => size(form(change)) < left);
    const block = fits?.(change) ?? [];
    if (fits === undefined) missing += 1;
    else lines.push(...block, '');
    if (fits === changeTitle) cut += 1;
    left -= fits === undefined ? 0 : size(block) + 1;
  }
  return { lines, missing, cut };
}

const LEAST_ROOM = 500;
