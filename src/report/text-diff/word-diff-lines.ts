import { printable } from '../../model/text.js';
import type { DiffSegment } from './diff-segment.js';

/** Shows one stretch of text that stands on one line. */
export type SegmentMark = (kind: DiffSegment['kind'], text: string) => string;

/** Marks that need no colour: `[-removed-]{+added+}`. */
export function plainMark(kind: DiffSegment['kind'], text: string): string {
  if (kind === 'removed') return `[-${text}-]`;
  return kind === 'added' ? `{+${text}+}` : text;
}

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

/** A changed stretch as it can be seen: one that is nothing but space would show as nothing. */
export function visible(kind: DiffSegment['kind'], text: string): string {
  if (kind !== 'added' && kind !== 'removed') return text;
  if (text.trim() !== '') return text;
  return text.replaceAll(' ', '·').replaceAll('\t', '→').replaceAll('\n', '↵\n');
}

function wrapSegments(line: readonly DiffSegment[], width: number): DiffSegment[][] {
  const rows: DiffSegment[][] = [[]];
  let used = 0;
  for (const { kind, text } of line) {
    for (const word of text.match(/\s+|[^\s]+/g) ?? []) {
      const shown = printable(word);
      if (used > 0 && used + shown.length > width && word.trim() !== '') {
        dropEndingSpace(rows.at(-1) ?? []);
        rows.push([]);
        used = 0;
      }
      const row = rows.at(-1);
      const previous = row?.at(-1);
      if (previous?.kind === kind) previous.text += shown;
      else row?.push({ kind, text: shown });
      used += shown.length;
    }
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
