import { diffWordsWithSpace } from 'diff';
import type { Detail, Shown } from '../format/detail.js';
import { type DiffSegment, elideSegments } from './elide.js';

/**
 * Two texts compared word by word, in as much detail as is asked for. Undefined where that would be confetti, because the
 * texts have too little in common.
 */
export function diffWords(before: string, after: string, detail: Detail): Shown<DiffSegment[]> | undefined {
  const start = commonStart(before, after);
  const end = commonEnd(before.slice(start), after.slice(start));
  const segments: DiffSegment[] = [
    { kind: 'same', text: before.slice(0, start) },
    ...compareWords(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    { kind: 'same', text: before.slice(before.length - end) },
  ];
  if (shareInCommon(segments, before, after) < LEAST_IN_COMMON) return undefined;
  return elideSegments(joinSame(segments), detail);
}

// The cost grows with the square of the edits; a person stops reading far earlier.
const MOST_EDITS = 1000;
const LEAST_IN_COMMON = 0.3;

/** Length of the common start, in whole words. Cutting it off first makes a long addition as cheap as a short one. */
function commonStart(a: string, b: string): number {
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at += 1;
  while (at > 0 && !isSpace(a[at - 1]) && !(isSpace(a[at]) && isSpace(b[at]))) at -= 1;
  return at;
}

function commonEnd(a: string, b: string): number {
  let at = 0;
  while (at < a.length && at < b.length && a.at(-1 - at) === b.at(-1 - at)) at += 1;
  while (at > 0 && !isSpace(a.at(-at)) && !(isSpace(a.at(-1 - at)) && isSpace(b.at(-1 - at)))) at -= 1;
  return at;
}

// The end of a text ends a word, too.
function isSpace(character: string | undefined): boolean {
  return character === undefined || /\s/.test(character);
}

function compareWords(before: string, after: string): DiffSegment[] {
  const changes = diffWordsWithSpace(before, after, { maxEditLength: MOST_EDITS });
  if (changes === undefined) return pair(before, after);
  const segments = changes.map((change): DiffSegment => {
    const kind = change.added ? 'added' : change.removed ? 'removed' : 'same';
    return { kind, text: change.value };
  });
  return mergeAcrossSpaces(segments);
}

function joinSame(segments: readonly DiffSegment[]): DiffSegment[] {
  const joined: DiffSegment[] = [];
  for (const segment of segments) {
    const previous = joined.at(-1);
    if (segment.text === '') continue;
    if (previous?.kind === segment.kind) previous.text += segment.text;
    else joined.push({ ...segment });
  }
  return joined;
}

function shareInCommon(segments: readonly DiffSegment[], before: string, after: string): number {
  const same = segments.filter((segment) => segment.kind === 'same').map((segment) => segment.text);
  return same.join('').length / Math.max(before.length, after.length, 1);
}

/** `[-a-]{+x+} [-b-]{+y+}` reads better as `[-a b-]{+x y+}`. */
function mergeAcrossSpaces(segments: readonly DiffSegment[]): DiffSegment[] {
  const merged: DiffSegment[] = [];
  let removed = '';
  let added = '';
  const flush = () => {
    merged.push(...pair(removed, added));
    removed = '';
    added = '';
  };
  segments.forEach((segment, i) => {
    const between = removed !== '' && added !== '' && (segments[i + 1]?.kind ?? 'same') !== 'same';
    if (segment.kind === 'removed') removed += segment.text;
    else if (segment.kind === 'added') added += segment.text;
    else if (between && /^ +$/.test(segment.text)) {
      removed += segment.text;
      added += segment.text;
    } else {
      flush();
      merged.push(segment);
    }
  });
  flush();
  return merged;
}

/** A removed and an added stretch; the space that both end with has not changed. */
function pair(removed: string, added: string): DiffSegment[] {
  const space = removed.endsWith(' ') && added.endsWith(' ') ? 1 : 0;
  const segments: DiffSegment[] = [
    { kind: 'removed', text: removed.slice(0, removed.length - space) },
    { kind: 'added', text: added.slice(0, added.length - space) },
    { kind: 'same', text: ' '.repeat(space) },
  ];
  return segments.filter((segment) => segment.text !== '');
}
