import type { Change, FieldChange } from '../../model/plan.js';
import { printable } from '../../model/text.js';
import { concat, type Shown, uncut } from '../format/detail.js';
import { fitText, type Style } from '../format/style.js';
import type { DiffSegment } from '../text-diff/elide.js';
import { aspectsTag } from '../text-diff/field-aspects.js';
import { chooseFieldView, type DiffLine, type FieldView } from '../text-diff/field-view.js';
import { compactValue } from '../text-diff/value-text.js';
import { plainMark, type SegmentMark, wordDiffLines } from '../text-diff/word-diff-lines.js';
import { causeTag } from './plan-summary.js';

/** The fields of one change: a line each, paths aligned; long values follow as an indented block. */
export function fieldLines(change: Change, style: Style): Shown<string[]> {
  const paths = change.fields.map((field) => printable(field.path).length);
  const column = Math.min(WIDEST_PATH, Math.max(0, ...paths));
  return concat(
    change.fields.flatMap((field) => [oneField(field, change, column, style), lastLine(field, style)]),
  );
}

const INDENT = '      ';
const BLOCK = `${INDENT}  `;
const WIDEST_PATH = 32;

function oneField(field: FieldChange, change: Change, column: number, style: Style): Shown<string[]> {
  const { shown, cut } = chooseFieldView(field, style.detail);
  return { shown: viewLines(shown, field, change, column, style), cut };
}

function viewLines(
  view: FieldView,
  field: FieldChange,
  change: Change,
  column: number,
  style: Style,
): string[] {
  const title = `${INDENT}${printable(field.path).padEnd(column)}`;
  const tags = fieldTags(field, change, style);
  if (view.shape === 'sensitive') return [`${title}  ${style.paint.dim(view.text)}${tags}`];
  if (view.shape === 'words') return [`${title.trimEnd()}${tags}`, ...wordBlock(view.segments, style)];
  const plain = change.action === 'create';
  if (view.shape === 'lines') return [`${title.trimEnd()}${tags}`, ...lineBlock(view.lines, plain, style)];
  const { before, after } = view;
  if (plain) return [`${title}  ${after ?? '(not set)'}${tags}`];
  const fits = title.length + (before?.length ?? 9) + (after?.length ?? 9) + 5 <= style.width;
  const values = [gone(before, style), arrived(after, style)] as const;
  if (fits) return [`${title}  ${values[0]} → ${values[1]}${tags}`];
  return [`${title}  ${values[0]}${tags}`, `${' '.repeat(title.length)}→ ${values[1]}`];
}

/** The third value of a conflict; the line above shows the vendor's and the manifest's. */
function lastLine({ last, sensitive }: FieldChange, { paint, width, detail }: Style): Shown<string[]> {
  if (last === undefined || sensitive) return uncut([]);
  const { shown, cut } = fitText(`${BLOCK}last applied: ${printable(compactValue(last))}`, width, detail);
  return { shown: [paint.dim(shown)], cut };
}

function gone(value: string | undefined, { paint }: Style): string {
  return value === undefined ? paint.dim('(not set)') : paint.red(value);
}

function arrived(value: string | undefined, { paint }: Style): string {
  return value === undefined ? paint.dim('(removed)') : paint.green(value);
}

function fieldTags(field: FieldChange, change: Change, { paint }: Style): string {
  const cause = causeTag(change, field);
  const tags = [];
  if (field.forcesReplacement) tags.push(paint.red('forces replacement'));
  if (cause !== undefined) tags.push(CAUSE_COLORS[field.cause](paint)(cause));
  const aspects = aspectsTag(field);
  if (aspects !== undefined) tags.push(paint.dim(aspects));
  return tags.map((tag) => `  [${tag}]`).join('');
}

/** That the manifest moved is the normal case, and is said quietly. */
const CAUSE_COLORS: Readonly<
  Record<FieldChange['cause'], (paint: Style['paint']) => (text: string) => string>
> = {
  manifest: (paint) => paint.dim,
  unknown: (paint) => paint.dim,
  drift: (paint) => paint.yellow,
  both: (paint) => paint.red,
};

function wordBlock(segments: readonly DiffSegment[], style: Style): string[] {
  const lines = wordDiffLines(segments, style.width - BLOCK.length, colorMark(style));
  return lines.map((line) => `${BLOCK}${line}`.trimEnd());
}

/** Colour comes on top of the marks, which survive a copy and need no eye for red and green. */
function colorMark({ paint }: Style): SegmentMark {
  return (kind, text) => {
    const marked = plainMark(kind, text);
    if (kind === 'removed') return paint.red(marked);
    if (kind === 'added') return paint.green(marked);
    return kind === 'elided' ? paint.dim(marked) : marked;
  };
}

function lineBlock(lines: readonly DiffLine[], plain: boolean, { paint }: Style): string[] {
  return lines.map(({ sign, text }) => {
    if (sign === '…') return `${BLOCK}${paint.dim(plain ? text : `  ${text}`)}`;
    if (plain) return `${BLOCK}${text}`.trimEnd();
    const line = `${sign} ${text}`.trimEnd();
    if (sign === ' ') return `${BLOCK}${paint.dim(line)}`.trimEnd();
    return `${BLOCK}${sign === '-' ? paint.red(line) : paint.green(line)}`;
  });
}
