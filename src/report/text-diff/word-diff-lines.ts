import { printable, visibleComposition, visibleSpace } from '../../model/text.js';
import { breakText, columnsOf } from '../format/rows.js';
import type { DiffSegment } from './elide.js';

/** Shows one stretch of text that stands on one line. */
export type SegmentMark = (kind: DiffSegment['kind'], text: string) => string;

/** Marks that need no colour: `[-removed-]{+added+}`. */
export function plainMark(kind: DiffSegment['kind'], text: string): string {
  if (kind === 'removed') return `[-${text}-]`;
  return kind === 'added' ? `{+${text}+}` : text;
}

/** Tells if a text holds the characters of a mark: it could not be told from a real mark. */
export function holdsMark(text: string): boolean {
  return /\[-|-\]|\{\+|\+\}/.test(text);
}

/** Columns that the marks around a changed stretch take. */
const MARKS = 4;

/**
 * Compared text as lines of about `width` characters, as far as words allow; every stretch is marked. The rest of a
 * line that did not fit is indented, to tell it from a line of its own.
 */
export function wordDiffLines(segments: readonly DiffSegment[], width: number, mark: SegmentMark): string[] {
  return splitLines(segments).flatMap((line) =>
    wrapSegments(line, width - 2).map((row, i) => (i === 0 ? '' : '  ') + markRow(row, mark)),
  );
}

function splitLines(segments: readonly DiffSegment[]): DiffSegment[][] {
  const lines: DiffSegment[][] = [[]];
  for (const { kind, text } of segments) {
    const [first = '', ...rest] = visible(kind, text).split('\n');
    lines.at(-1)?.push({ kind, text: first });
    for (const line of rest) lines.push([{ kind, text: line }]);
  }
  const last = lines.at(-1);
  if (last?.every((segment) => segment.text === '')) lines.pop();
  return lines;
}

/** A changed stretch as it can be seen: space alone would show as nothing, and composition as no change. */
export function visible(kind: DiffSegment['kind'], text: string): string {
  if (kind !== 'added' && kind !== 'removed') return text;
  return text.trim() === '' ? visibleSpace(text) : visibleComposition(text);
}

function wrapSegments(line: readonly DiffSegment[], width: number): DiffSegment[][] {
  let row: DiffSegment[] = [];
  const rows = [row];
  let used = 0;
  const add = (kind: DiffSegment['kind'], text: string, marks: number, isSpace: boolean) => {
    const more = columnsOf(text) + (row.at(-1)?.kind === kind ? 0 : marks);
    if (used > 0 && used + more > width && !isSpace) {
      dropEndingSpace(row);
      row = [];
      rows.push(row);
      used = marks - more + columnsOf(text);
    }
    const previous = row.at(-1);
    if (previous?.kind === kind) previous.text += text;
    else row.push({ kind, text });
    used += more;
  };
  for (const { kind, text } of line) {
    const marks = kind === 'removed' || kind === 'added' ? MARKS : 0;
    for (const word of text.match(/\s+|\S+/g) ?? [])
      for (const piece of breakText(printable(word), width - marks))
        add(kind, piece, marks, word.trim() === '');
  }
  return rows;
}

// Where a line is broken, the space says nothing, and would show as a change of its own.
function dropEndingSpace(row: DiffSegment[]): void {
  const last = row.at(-1);
  if (last === undefined) return;
  last.text = last.text.trimEnd();
  if (last.text === '') row.pop();
}

function markRow(row: readonly DiffSegment[], mark: SegmentMark): string {
  return row
    .map(({ kind, text }) => mark(kind, text))
    .join('')
    .trimEnd();
}
