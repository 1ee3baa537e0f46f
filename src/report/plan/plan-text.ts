import { blockedText } from '../../model/blocked.js';
import type { Action, Change, ShownPlan } from '../../model/plan.js';
import type { Target } from '../../model/project.js';
import { printable } from '../../model/text.js';
import { countNoun } from '../format/counts.js';
import { concat, type Shown, uncut } from '../format/detail.js';
import { plainHint } from '../format/hint.js';
import { joinLines, type Style, styleFor, type TextOptions } from '../format/style.js';
import { fieldLines } from './field-lines.js';
import { groupByTarget, type TargetChanges } from './order-changes.js';
import {
  changeNote,
  furtherDeletesOf,
  isLoss,
  planHints,
  planVerdict,
  requestCounts,
} from './plan-summary.js';
import { releasedLines } from './released.js';
import { requestLines } from './request-lines.js';

/**
 * The plan for a terminal or a log: changes by target, then the totals, and where to see all of it if something was cut.
 * Ends with a newline. Its diagnostics are not in it, since they go to another stream: see `diagnosticsText`.
 */
export function planText(plan: ShownPlan, targets: readonly Target[], options: TextOptions): string {
  const style = styleFor(options);
  const groups = groupByTarget(plan.changes, targets).filter((group) => group.changes.length > 0);
  const { shown, cut } = concat([
    ...groups.map((group) => targetLines(group, style)),
    releasedLines(plan, style),
  ]);
  return joinLines([...shown, ...totalLines(plan, cut, style)]);
}

const SYMBOLS: Readonly<Record<Action, string>> = {
  create: '+',
  update: '~',
  replace: '-/+',
  adopt: '>',
  delete: '-',
  orphan: '?',
  forget: '!',
};

function targetLines(group: TargetChanges, style: Style): Shown<string[]> {
  const { name, target } = group;
  const facts =
    target === undefined ? '' : style.paint.dim(printable(` (${target.vendor}, ${target.baseUrl})`));
  const title = uncut([`${style.paint.bold(printable(name))}${facts}`, '']);
  return concat([title, ...group.changes.flatMap((change) => [changeLines(change, style), uncut([''])])]);
}

function changeLines(change: Change, style: Style): Shown<string[]> {
  const { paint } = style;
  const lines = [headline(change, style)];
  if (change.blocked !== undefined) {
    lines.push(`      ${paint.yellow(`left alone: ${printable(blockedText(change.blocked))}`)}`);
  }
  const note = changeNote(change);
  if (note !== undefined) lines.push(`      ${paint.dim(note)}`);
  return concat([uncut(lines), fieldLines(change, style), requestLines(change.requests, style)]);
}

function headline(change: Change, style: Style): string {
  const { paint } = style;
  const color = actionColor(change.action, style);
  const what = `${SYMBOLS[change.action].padStart(3)} ${change.action} ${printable(`${change.kind}/${change.name}`)}`;
  const facts = [change.id, change.source && `${change.source.file}:${change.source.line}`]
    .filter((fact) => fact !== undefined)
    .map((fact) => `  ${printable(fact)}`);
  return `${color(what)}${paint.dim(facts.join(''))}`;
}

function actionColor(action: Action, { paint }: Style): (text: string) => string {
  if (action === 'delete' || action === 'replace') return (text) => paint.bold(paint.red(text));
  if (action === 'create') return paint.green;
  if (action === 'update') return paint.yellow;
  return action === 'adopt' ? paint.cyan : paint.magenta;
}

function totalLines(plan: ShownPlan, cut: boolean, style: Style): string[] {
  const { paint } = style;
  const hints = planHints(plan).map((hint) => `  ${plainHint(hint)}`);
  return [
    ...lossLines(plan, style),
    paint.bold(planVerdict(plan)),
    ...hints,
    ...(cut ? [SHORTENED] : []),
    paint.dim([requestCounts(plan), `fingerprint ${printable(plan.fingerprint)}`].filter(Boolean).join('; ')),
  ];
}

const SHORTENED =
  '  Long values and requests are shortened: llmform plan --format json shows all, -o FILE saves it.';

/** Addresses of removed objects that are listed once more at the end. */
const MOST_LOSSES = 10;

// Irreversible changes are repeated at the end, where no reader scrolls past them.
function lossLines(plan: ShownPlan, { paint }: Style): string[] {
  const lost = plan.changes
    .filter(({ blocked }) => blocked === undefined)
    .flatMap((change) => [
      ...(isLoss(change.action) ? [`  ${change.action.padEnd(7)} ${printable(change.address)}`] : []),
      ...furtherDeletesOf(change).map(
        (id) => `  delete  ${printable(id)}, an earlier version of ${printable(change.address)}`,
      ),
    ]);
  if (lost.length === 0) return [];
  const shown = lost.slice(0, MOST_LOSSES);
  const more = lost.length > MOST_LOSSES ? [`  and ${lost.length - MOST_LOSSES} more`] : [];
  const title = `Apply removes ${countNoun(lost.length, 'live object')} for good:`;
  return [...[title, ...shown, ...more].map((line) => paint.bold(paint.red(line))), ''];
}
