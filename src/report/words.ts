import { diffWordsWithSpace } from 'diff';
import { elide } from './elide.js';
import type { Part } from './part.js';
import type { Detail, Shown } from './shown.js';

/**
 * Two texts compared word by word, in as much detail as is asked for. Undefined where that would be confetti, because the
 * texts have too little in common.
 */
export function diffText(before: string, after: string, detail: Detail): Shown<Part[]> | undefined {
  const start = commonStart(before, after);
  const end = commonEnd(before.slice(start), after.slice(start));
  const parts: Part[] = [
    { kind: 'same', text: before.slice(0, start) },
    ...compare(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    { kind: 'same', text: before.slice(before.length - end) },
  ];
  if (shareInCommon(parts, before, after) < LEAST_IN_COMMON) return undefined;
  return elide(joinSame(parts), detail);
}

// The cost grows with the square of the edits; a person stops reading far earlier.
const MOST_EDITS = 1000;
const LEAST_IN_COMMON = 0.3;

/** What two texts begin with, in whole words. Cutting it off first makes a long addition as cheap as a short one. */
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

function compare(before: string, after: string): Part[] {
  const changes = diffWordsWithSpace(before, after, { maxEditLength: MOST_EDITS });
  if (changes === undefined) return pair(before, after);
  const parts = changes.map((change): Part => {
    const kind = change.added ? 'added' : change.removed ? 'removed' : 'same';
    return { kind, text: change.value };
  });
  return mergeAcrossSpaces(parts);
}

function joinSame(parts: readonly Part[]): Part[] {
  const joined: Part[] = [];
  for (const part of parts) {
    const previous = joined.at(-1);
    if (part.text === '') continue;
    if (previous?.kind === part.kind) previous.text += part.text;
    else joined.push({ ...part });
  }
  return joined;
}

function shareInCommon(parts: readonly Part[], before: string, after: string): number {
  const same = parts.filter((part) => part.kind === 'same').map((part) => part.text);
  return same.join('').length / Math.max(before.length, after.length, 1);
}

/** `[-a-]{+x+} [-b-]{+y+}` reads better as `[-a b-]{+x y+}`. */
function mergeAcrossSpaces(parts: readonly Part[]): Part[] {
  const merged: Part[] = [];
  let removed = '';
  let added = '';
  const flush = () => {
    merged.push(...pair(removed, added));
    removed = '';
    added = '';
  };
  parts.forEach((part, i) => {
    const between = removed !== '' && added !== '' && (parts[i + 1]?.kind ?? 'same') !== 'same';
    if (part.kind === 'removed') removed += part.text;
    else if (part.kind === 'added') added += part.text;
    else if (between && /^ +$/.test(part.text)) {
      removed += part.text;
      added += part.text;
    } else {
      flush();
      merged.push(part);
    }
  });
  flush();
  return merged;
}

/** A removed and an added stretch; the space that both end with has not changed. */
function pair(removed: string, added: string): Part[] {
  const space = removed.endsWith(' ') && added.endsWith(' ') ? 1 : 0;
  const parts: Part[] = [
    { kind: 'removed', text: removed.slice(0, removed.length - space) },
    { kind: 'added', text: added.slice(0, added.length - space) },
    { kind: 'same', text: ' '.repeat(space) },
  ];
  return parts.filter((part) => part.text !== '');
}
