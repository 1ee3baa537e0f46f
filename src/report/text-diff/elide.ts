import { concat, type Detail, type Shown, uncut } from '../format/detail.js';

/** A stretch of a compared text. `elided` is in the place of text that is left out. */
export interface DiffSegment {
  kind: 'same' | 'removed' | 'added' | 'elided';
  text: string;
}

/** Leaves out of a compared text what the detail does not ask for: unchanged stretches but for their ends, and the middle of long changed ones. */
export function elideSegments(segments: readonly DiffSegment[], detail: Detail): Shown<DiffSegment[]> {
  if (detail === 'full') return uncut([...segments]);
  return concat(
    segments.map((segment, i) => {
      if (segment.kind === 'same') return uncut(elideUnchanged(segment, i === 0, i === segments.length - 1));
      return detail === 'whole' ? uncut([segment]) : cutChanged(segment);
    }),
  );
}

/** Characters of unchanged text that are kept on each side of a change. */
const CONTEXT = 40;
/** Characters of one removed or added stretch that are shown in short. */
const MOST_CHANGED = 2000;

function elideUnchanged(segment: DiffSegment, first: boolean, last: boolean): DiffSegment[] {
  if (segment.text.length <= 2 * CONTEXT + 20) return [segment];
  const head = first ? '' : headOf(segment.text);
  const tail = last ? '' : tailOf(segment.text);
  const between = segment.text.slice(head.length, segment.text.length - tail.length);
  return surround(segment.kind, head, ellipsis('…', between, head, tail), tail);
}

function cutChanged(segment: DiffSegment): Shown<DiffSegment[]> {
  const { kind, text } = segment;
  if (text.length <= MOST_CHANGED) return uncut([segment]);
  const head = wholeCharacters(text.slice(0, MOST_CHANGED / 2));
  const tail = wholeCharacters(text.slice(-MOST_CHANGED / 2));
  const left = text.length - head.length - tail.length;
  return { shown: surround(kind, head, ` … ${left} more characters … `, tail), cut: true };
}

function surround(kind: DiffSegment['kind'], head: string, elided: string, tail: string): DiffSegment[] {
  const segments: DiffSegment[] = [
    { kind, text: head },
    { kind: 'elided', text: elided },
    { kind, text: tail },
  ];
  return segments.filter((segment) => segment.text !== '');
}

function ellipsis(note: string, between: string, head: string, tail: string): string {
  const ownLine = (head === '' || head.endsWith('\n')) && (tail === '' || between.endsWith('\n'));
  if (ownLine && between.includes('\n')) return tail === '' ? note : `${note}\n`;
  return `${head === '' ? '' : ' '}${note}${tail === '' ? '' : ' '}`;
}

/** The beginning, up to the end of its line where that is near, else to the end of a word. */
function headOf(text: string): string {
  const line = text.indexOf('\n');
  if (line >= 0 && line < 2 * CONTEXT) return text.slice(0, line + 1);
  const start = text.slice(0, CONTEXT);
  return start.replace(/\S*$/, '').trimEnd() || wholeCharacters(start);
}

/** The end, from the start of its line where that is near, else from the start of a word. */
function tailOf(text: string): string {
  const line = text.trimEnd().lastIndexOf('\n') + 1;
  if (line > 0 && text.length - line < 2 * CONTEXT) return text.slice(line);
  const end = text.slice(-CONTEXT);
  return end.replace(/^\S*/, '').trimStart() || wholeCharacters(end);
}

// A cut through a surrogate pair would leave half a character on either side.
function wholeCharacters(text: string): string {
  return text.replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, '');
}
