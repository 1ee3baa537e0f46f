import { diffArrays } from 'diff';
import type { Json } from '../../model/json.js';
import type { FieldChange } from '../../model/plan.js';
import { secretSourceName } from '../../model/secret-source.js';
import { printable, visibleComposition, visibleSpace } from '../../model/text.js';
import { concat, type Detail, type Shown, uncut } from '../format/detail.js';
import type { DiffSegment } from './elide.js';
import { compactValue, isLargeValue, valueLines } from './value-text.js';
import { diffWords } from './word-diff.js';
import { holdsMark } from './word-diff-lines.js';

/** A line of a block: removed, added, unchanged, or a note about lines that are left out. */
export interface DiffLine {
  sign: '-' | '+' | ' ' | '…';
  text: string;
}

/** The best way to show one field. The texts of `words` are raw, all others are safe to show. */
export type FieldView =
  | { shape: 'sensitive'; text: string }
  /** Both values fit on a line; an absent value is undefined. */
  | { shape: 'inline'; before?: string; after?: string }
  | { shape: 'words'; segments: DiffSegment[] }
  | { shape: 'lines'; lines: DiffLine[] };

/** Picks the view of a field. */
export function chooseFieldView(field: FieldChange, detail: Detail): Shown<FieldView> {
  const { before, after, afterUnknown } = field;
  if (field.sensitive) return uncut({ shape: 'sensitive', text: sensitiveText(field) });
  if (!isLargeValue(before) && !isLargeValue(after)) {
    const compared = before !== undefined && after !== undefined;
    const text = (value: Json) => (compared ? visibleComposition(compactValue(value)) : compactValue(value));
    return uncut({
      shape: 'inline',
      ...(before !== undefined && { before: text(before) }),
      ...(after !== undefined && { after: afterUnknown ? knownLater(afterUnknown) : text(after) }),
    });
  }
  const isTexts = isText(before) && isText(after);
  const isMarked = isTexts && (holdsMark(before) || holdsMark(after));
  if (isTexts && !isMarked) {
    const words = diffWords(before, after, detail);
    if (words !== undefined) return { shown: { shape: 'words', segments: words.shown }, cut: words.cut };
  }
  if (isMarked || (isStructure(before) && isStructure(after))) {
    const compared = compareLines(valueLines(before), valueLines(after));
    if (compared !== undefined)
      return inLines(detail === 'full' ? uncut(compared) : shorten(compared, detail));
  }
  return inLines(concat([signed('-', before, detail), signed('+', after, detail)]));
}

/** Without quotes: no value reads like this. */
function knownLater(reference: string): string {
  return `(known after apply: ${printable(reference)})`;
}

/** `(sensitive, from OPENAI_API_KEY)`. A secret that a vendor shows in the open has no source that is known. */
function sensitiveText({ from = [] }: FieldChange): string {
  const sources = from.map(secretSourceName);
  return sources.length === 0 ? '(sensitive)' : printable(`(sensitive, from ${sources.join(' and ')})`);
}

/** Unchanged lines kept around a change. */
const CONTEXT = 2;
/** Lines of one value, and columns of a line, that are shown in short. */
const MOST_LINES = 30;
const MOST_COLUMNS = 800;

function inLines({ shown: lines, cut }: Shown<DiffLine[]>): Shown<FieldView> {
  return { shown: { shape: 'lines', lines }, cut };
}

function isText(value: Json | undefined): value is string {
  return typeof value === 'string' && value !== '';
}

function isStructure(value: Json | undefined): value is Json[] | { [key: string]: Json } {
  return typeof value === 'object' && value !== null;
}

function compareLines(before: string[], after: string[]): DiffLine[] | undefined {
  const changes = diffArrays(before, after, { maxEditLength: 1000 });
  return changes?.flatMap((change) => {
    const sign = change.added ? '+' : change.removed ? '-' : ' ';
    return change.value.map((text): DiffLine => ({ sign, text: sign === ' ' ? text : changedLine(text) }));
  });
}

/** A changed line with what would not be seen of it: space at its end, and composition. */
function changedLine(text: string): string {
  const end = text.trimEnd().length;
  return `${visibleComposition(text.slice(0, end))}${visibleSpace(text.slice(end))}`;
}

function shorten(lines: DiffLine[], detail: Detail): Shown<DiffLine[]> {
  const near = lines.map((_, i) =>
    lines.slice(Math.max(0, i - CONTEXT), i + CONTEXT + 1).some((line) => line.sign !== ' '),
  );
  return concat(
    lines.map((line, i): Shown<DiffLine[]> => {
      // A gap of one line is shown: the ellipsis would take as much room.
      const alone = near[i - 1] !== false && near[i + 1] !== false;
      if (!near[i] && !alone) return uncut(near[i - 1] === false ? [] : [{ sign: '…', text: '…' }]);
      if (line.sign === ' ') return uncut([shortenColumns(line).shown]);
      return inDetail(line, detail);
    }),
  );
}

function signed(sign: '-' | '+', value: Json | undefined, detail: Detail): Shown<DiffLine[]> {
  if (value === undefined) return uncut([]);
  const texts = isLargeValue(value) ? valueLines(value) : [compactValue(value)];
  // One line too many is shown rather than replaced by a note of the same height.
  const most = detail === 'short' && texts.length > MOST_LINES + 1 ? MOST_LINES : texts.length;
  const lines = concat(texts.slice(0, most).map((text) => inDetail({ sign, text }, detail)));
  const left = texts.length - most;
  if (left === 0) return lines;
  return { shown: [...lines.shown, { sign: '…', text: `… ${left} more lines` }], cut: true };
}

function inDetail(line: DiffLine, detail: Detail): Shown<DiffLine[]> {
  if (detail !== 'short') return uncut([line]);
  const { shown, cut } = shortenColumns(line);
  return { shown: [shown], cut };
}

function shortenColumns(line: DiffLine): Shown<DiffLine> {
  const left = line.text.length - MOST_COLUMNS;
  if (left <= 0) return uncut(line);
  const start = line.text.slice(0, MOST_COLUMNS).replace(/[\ud800-\udbff]$/, '');
  return { shown: { ...line, text: `${start} … ${left} more characters` }, cut: true };
}
