import { encodingsOf, isGuessable, LONGEST_GUESSABLE, SHORTEST_FORM } from './secret-forms.js';

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

/** Forms of a secret that cannot be found by trying are as long as it is, so a text is looked up in steps of this length. */
const LONGEST_STRIDE = LONGEST_GUESSABLE + 1 - KEY + 1;

/** Bits of a key that tell if a form has it: a power of two, so that most texts are passed over quickly. */
const SIEVE_BITS = 16;

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
  /** The keys near the start of all forms, by some of their bits. */
  const sieve = new Uint8Array(2 ** SIEVE_BITS);
  /** Where a form stands in a text, one of the places so far apart holds one of those keys. */
  let stride = LONGEST_STRIDE;

  function addForm(form: SecretForm): void {
    const keys = Math.min(LONGEST_STRIDE, form.text.length - KEY + 1);
    for (let at = 0; at < keys; at += 1) sieve[slotOf(keyAt(form.text, at))] = 1;
    stride = Math.min(stride, keys);
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
      let from = 0;
      for (let at = 0; at + KEY <= text.length; at += stride) {
        if (sieve[slotOf(keyAt(text, at))] === 0) continue;
        const hit = firstHit(text, Math.max(from, at - stride + 1), at);
        if (hit === undefined) continue;
        hits.push(hit);
        from = hit.end;
        at = from - stride;
      }
      return hits;
    },
  };

  /** The first that starts between two places, both of them included. */
  function firstHit(text: string, from: number, to: number): Hit | undefined {
    for (let at = from; at <= to && at + SHORTEST_FORM <= text.length; at += 1) {
      const bucket = buckets.get(keyAt(text, at));
      const hit = bucket && hitAt(text, at, bucket);
      if (hit !== undefined) return hit;
    }
    return undefined;
  }
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

/** Of ASCII each four characters have a key of their own. */
function keyAt(text: string, at: number): number {
  return (
    (text.charCodeAt(at) << 24) ^
    (text.charCodeAt(at + 1) << 16) ^
    (text.charCodeAt(at + 2) << 8) ^
    text.charCodeAt(at + 3)
  );
}

function slotOf(key: number): number {
  return Math.imul(key, 0x9e3779b1) >>> (32 - SIEVE_BITS);
}
