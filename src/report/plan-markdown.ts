import type { Action, Change, Plan } from '../model/plan.js';
import type { Target } from '../model/project.js';
import { byTarget } from './by-target.js';
import { changeMarkdown, changeTitle } from './change-markdown.js';
import { diagnosticsMarkdown } from './diagnostics-markdown.js';
import { code, table } from './markdown.js';
import { joinLines } from './style.js';
import { ACTIONS, count, planHints, requestCounts, verdict } from './wording.js';

/**
 * The plan for a pull request comment or a job summary: the verdict, a table, then one folded block for each object,
 * the dangerous ones first. It stays below the 65,536 characters that GitHub allows a comment.
 */
export function planMarkdown(plan: Plan, targets: readonly Target[]): string {
  const hints = planHints(plan).map((hint) => `- ${hint}`);
  const head = [
    `**${verdict(plan)}**`,
    '',
    ...(plan.changes.length > 0 ? [...targetTable(plan, targets), ''] : []),
    ...(hints.length > 0 ? [...hints, ''] : []),
    ...diagnosticsMarkdown(plan.diagnostics),
  ];
  const foot = [`${requestCounts(plan)}. Fingerprint ${code(plan.fingerprint)}`];
  const room = LONGEST - joinLines([...head, ...foot]).length - 200;
  return joinLines([...head, ...blocks(inReviewOrder(plan.changes), room), ...foot]);
}

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

function blocks(changes: readonly Change[], room: number): string[] {
  const lines: string[] = [];
  let left = room;
  let hidden = 0;
  for (const change of changes) {
    // Where the whole object has no room its title may; a long text is not even compared when nothing has.
    const forms = [changeMarkdown, changeTitle];
    const block =
      left < LEAST_ROOM ? undefined : forms.map((form) => form(change)).find((b) => length(b) <= left);
    if (block === undefined) {
      hidden += 1;
    } else {
      lines.push(...block, '');
      left -= length(block);
    }
  }
  if (hidden === 0) return lines;
  const rest = count(hidden, 'more object');
  return [
    ...lines,
    `_${rest} not shown here, for want of room; the text and JSON forms of the plan hold all._`,
    '',
  ];
}

const LEAST_ROOM = 500;

function length(block: readonly string[]): number {
  return joinLines(block).length + 1;
}
