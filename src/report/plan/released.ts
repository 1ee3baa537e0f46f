import type { ReleasedField, ShownPlan } from '../../model/plan.js';
import { printable } from '../../model/text.js';
import { countNoun } from '../format/counts.js';
import { concat, type Shown, uncut } from '../format/detail.js';
import type { Hint } from '../format/hint.js';
import { escapeHtml, foldedSection } from '../format/html.js';
import { foldedDetails, inlineCode, table } from '../format/markdown.js';
import type { SizeBudget } from '../format/size-budget.js';
import { fitText, type Style, truncate } from '../format/style.js';
import { compactValue } from '../text-diff/value-text.js';

/** The released fields of a plan, counted, and the objects that are not managed at all. */
export function leftOpenHints({ released = [], unmanaged = [] }: ShownPlan): Hint[] {
  const hints: Hint[] = [];
  if (released.length === 1)
    hints.push(['1 field is no longer declared and stays as it was applied: declare it to change it.']);
  if (released.length > 1)
    hints.push([
      `${released.length} fields are no longer declared and stay as they were applied: declare them to change them.`,
    ]);
  if (unmanaged.length > 0) {
    const counts = unmanaged.map(({ target, kind, count }) => `${count} ${kind} on ${target}`);
    hints.push([`Not managed: ${counts.join(', ')}.`]);
  }
  return hints;
}

/** Fields that are shown where not all of them are asked for. */
const MOST = 20;

/** For a terminal: a line for each field. */
export function releasedLines({ released = [] }: ShownPlan, style: Style): Shown<string[]> {
  if (released.length === 0) return uncut([]);
  const most = style.detail === 'short' ? MOST : released.length;
  const lines = released.slice(0, most).map((field): Shown<string[]> => {
    const text = `  ${printable(`${field.address}${field.path}`)}  ${valueText(field)}${beforeText(field)}`;
    const { shown, cut } = fitText(text, style.width, style.detail);
    return { shown: [shown], cut };
  });
  const left = released.length - most;
  const more = { shown: left > 0 ? [`  and ${left} more`] : [], cut: left > 0 };
  return concat([uncut([style.paint.bold(TITLE)]), ...lines, more, uncut([''])]);
}

const TITLE = 'Released, because no manifest declares it any more; the object keeps it:';

/** For a pull request: a folded table of as many fields as there is room for, and how many are left out. */
export function releasedTable(
  { released = [] }: ShownPlan,
  room: SizeBudget,
): { lines: readonly string[]; left: number } {
  if (released.length === 0) return { lines: [], left: 0 };
  const rows = released.map((field) => [
    inlineCode(field.address),
    inlineCode(field.path),
    inlineCode(truncate(valueText(field), LONGEST_VALUE)),
    field.before === undefined ? '' : inlineCode(truncate(compactValue(field.before), LONGEST_VALUE)),
  ]);
  const summary = `${countNoun(released.length, 'released field')}: no longer declared, and kept by the object`;
  return room.fill(rows.length, (most) => [...foldedDetails(summary, table(HEAD, rows.slice(0, most))), '']);
}

const HEAD = ['object', 'field', 'value that it keeps', 'value before'];
const LONGEST_VALUE = 200;

/** For a page: a folded list. */
export function releasedHtml({ released = [] }: ShownPlan): string {
  if (released.length === 0) return '';
  const items = released.map((field) => {
    const value = truncate(`${valueText(field)}${beforeText(field)}`, LONGEST_ITEM);
    return `<li><code>${escapeHtml(`${field.address}${field.path}`)}</code> ${escapeHtml(value)}</li>`;
  });
  const summary = `${countNoun(released.length, 'released field')}: no longer declared, and kept by the object`;
  return foldedSection('released', 'released', summary, `<ul>${items.join('')}</ul>`);
}

const LONGEST_ITEM = 2000;

function valueText({ applied, sensitive }: ReleasedField): string {
  return sensitive ? '(sensitive)' : compactValue(applied);
}

function beforeText({ before }: ReleasedField): string {
  if (before === undefined) return '';
  return before === null ? '  (not set before)' : `  (before: ${compactValue(before)})`;
}
