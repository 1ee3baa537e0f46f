import { diffArrays } from 'diff';
import type { Json } from '../model/json.js';
import type { FieldChange } from '../model/plan.js';
import type { Part } from './part.js';
import { blockLines, compact, isLarge } from './value.js';
import { diffText } from './words.js';

/** A line of a block: gone, new, unchanged, or standing for lines that are left out. */
export interface DiffLine {
  sign: '-' | '+' | ' ' | '…';
  text: string;
}

/** The way in which one field is best shown. The texts of `words` are raw, all others safe to show. */
export type FieldView =
  | { shape: 'sensitive' }
  /** Both values fit on a line; an absent value is undefined. */
  | { shape: 'inline'; before?: string; after?: string }
  | { shape: 'words'; parts: Part[] }
  | { shape: 'lines'; lines: DiffLine[] };

/** Picks the view of a field. `whole` leaves nothing out. */
export function viewField(field: FieldChange, whole: boolean): FieldView {
  const { before, after, afterUnknown } = field;
  if (field.sensitive) return { shape: 'sensitive' };
  if (!isLarge(before) && !isLarge(after)) {
    return {
      shape: 'inline',
      ...(before !== undefined && { before: compact(before) }),
      ...(after !== undefined && { after: afterUnknown ? KNOWN_LATER : compact(after) }),
    };
  }
  if (isText(before) && isText(after)) {
    const parts = diffText(before, after, whole);
    if (parts !== undefined) return { shape: 'words', parts };
  }
  if (isStructure(before) && isStructure(after)) {
    const lines = compareLines(blockLines(before), blockLines(after));
    if (lines !== undefined) return { shape: 'lines', lines: whole ? lines : shorten(lines) };
  }
  const lines = [...signed('-', before, whole), ...signed('+', after, whole)];
  return { shape: 'lines', lines };
}

/** Without quotes: no value reads like this. */
const KNOWN_LATER = '(known after apply)';

/** Unchanged lines kept around a change. */
const CONTEXT = 2;
/** Lines of one value that are shown. */
const MOST_LINES = 30;
const MOST_COLUMNS = 800;

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
    return change.value.map((text): DiffLine => ({ sign, text }));
  });
}

function shorten(lines: DiffLine[]): DiffLine[] {
  const near = lines.map((_, i) =>
    lines.slice(Math.max(0, i - CONTEXT), i + CONTEXT + 1).some((line) => line.sign !== ' '),
  );
  return lines.flatMap((line, i): DiffLine[] => {
    // A gap of one line is shown: the ellipsis would take as much room.
    const alone = near[i - 1] !== false && near[i + 1] !== false;
    if (near[i] || alone) return [{ ...line, text: shortenColumns(line.text) }];
    return near[i - 1] === false ? [] : [{ sign: '…', text: '…' }];
  });
}

function signed(sign: '-' | '+', value: Json | undefined, whole: boolean): DiffLine[] {
  if (value === undefined) return [];
  const texts = isLarge(value) ? blockLines(value) : [compact(value)];
  const lines = texts.map((text): DiffLine => ({ sign, text: whole ? text : shortenColumns(text) }));
  // One line too many is shown rather than replaced by a note of the same height.
  if (whole || lines.length <= MOST_LINES + 1) return lines;
  return [...lines.slice(0, MOST_LINES), { sign: '…', text: `… ${lines.length - MOST_LINES} more lines` }];
}

function shortenColumns(text: string): string {
  if (text.length <= MOST_COLUMNS) return text;
  const left = text.length - MOST_COLUMNS;
  return `${text.slice(0, MOST_COLUMNS).replace(/[\ud800-\udbff]$/, '')} … ${left} more characters`;
}
