import { encodingsOf, isGuessable, SHORTEST_FORM } from './secret-forms.js';

/** A part of a text that spells out a secret. */
export interface Hit {
  start: number;
  end: number;
  secret: string;
}

/**
 * Finds secrets in texts: no pattern is made of them, and for any secrets the time is linear in the text. Secrets that
 * may be found by trying are not looked for.
 */
export interface SecretIndex {
  add(secret: string): void;
  /** Hits from left to right that do not overlap, the longest at each place. */
  find(text: string): Hit[];
}

/**
 * Of a longer form so many characters are enough to be one: what follows is hidden as far as it is the same. So a
 * comparison that fails is short, and one that succeeds is not made again.
 */
const HEAD = 64;

/** Characters that a place is looked up by. */
const KEY = 4;

interface SecretForm {
  secret: string;
  text: string;
}

/** Forms that begin with the same characters: by length of their heads, longest first, and by head. */
interface Bucket {
  lengths: number[];
  byHead: Map<string, SecretForm[]>;
}

export function createSecretIndex(): SecretIndex {
  const buckets = new Map<number, Bucket>();

  function addForm(form: SecretForm): void {
    const head = form.text.slice(0, HEAD);
    const key = keyAt(head, 0);
    const bucket = buckets.get(key) ?? { lengths: [], byHead: new Map<string, SecretForm[]>() };
    buckets.set(key, bucket);
    const same = bucket.byHead.get(head);
    if (same !== undefined) {
      same.push(form);
      return;
    }
    bucket.byHead.set(head, [form]);
    if (!bucket.lengths.includes(head.length)) {
      bucket.lengths = [...bucket.lengths, head.length].sort((a, b) => b - a);
    }
  }

  return {
    add(secret) {
      if (isGuessable(secret)) return;
      for (const text of encodingsOf(secret)) addForm({ secret, text });
    },
    find(text) {
      const hits: Hit[] = [];
      for (let at = 0; at + SHORTEST_FORM <= text.length; at += 1) {
        const bucket = buckets.get(keyAt(text, at));
        const hit = bucket && hitAt(text, at, bucket);
        if (hit === undefined) continue;
        hits.push(hit);
        at = hit.end - 1;
      }
      return hits;
    },
  };
}

function hitAt(text: string, start: number, { lengths, byHead }: Bucket): Hit | undefined {
  for (const length of lengths) {
    if (start + length > text.length) continue;
    const forms = byHead.get(text.slice(start, start + length));
    if (forms === undefined) continue;
    let longest: Hit | undefined;
    for (const form of forms) {
      const end = start + length + sameFrom(text, start, form.text, length);
      if (longest === undefined || end > longest.end) longest = { start, end, secret: form.secret };
    }
    return longest;
  }
  return undefined;
}

/** The number of characters of a form, from `from` on, that the text continues with. */
function sameFrom(text: string, start: number, form: string, from: number): number {
  let at = from;
  while (at < form.length && text.charCodeAt(start + at) === form.charCodeAt(at)) at += 1;
  return at - from;
}

function keyAt(text: string, at: number): number {
  let key = 0;
  for (let i = at; i < at + KEY; i += 1) key = (Math.imul(key, 0x01000193) ^ text.charCodeAt(i)) | 0;
  return key;
}
