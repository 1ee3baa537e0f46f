import { createHash } from 'node:crypto';
import { MaskError } from '../../model/mask-error.js';
import { type ForeignContext, LONGEST_SOURCE, sanitizeForeignText } from './foreign-text.js';
import { createSecretIndex, type SecretIndex } from './secret-index.js';
import { createSecretParts, type SecretParts } from './secret-parts.js';

export const PLACEHOLDER = '(sensitive)';

/** Keeps the secrets that a process knows out of what it shows. Every method throws `MaskError` and nothing else. */
export interface Mask {
  /** Remembers a secret for a while. */
  add(secret: string): void;
  /** For secrets in use: they are remembered at least until they are released. */
  hold(): Hold;
  /**
   * A value in which every secret that cannot be found by trying is replaced, whole and in its usual encodings. For what
   * a vendor has; our own words and a manifest's text never go through it.
   */
  mask(text: string): string;
  /** Words of others made fit to be shown: see `sanitizeForeignText`. */
  clean(text: string, kind?: ForeignContext['kind'], said?: ForeignContext['said']): string;
}

export interface Hold {
  add(secret: string): void;
  release(): void;
}

export interface MaskLimits {
  /** Of secrets that nothing holds, in UTF-16 code units. */
  releasedLength?: number;
  /** The time that a secret is remembered after its release. */
  releasedMs?: number;
  now?: () => number;
}

/** A run, and the log line that comes late, are over by then. */
const RELEASED_MS = 3_600_000;
const RELEASED_LENGTH = 512 * 1024;

interface Known {
  holders: number;
  /** When the last holder let go. */
  since: number;
}

/**
 * A process that runs for months meets a new short-lived token every few minutes: those that no run holds are dropped
 * after an hour, and earlier when they are many. What a run holds is never dropped.
 */
export function createMask({
  releasedLength = RELEASED_LENGTH,
  releasedMs = RELEASED_MS,
  now = Date.now,
}: MaskLimits = {}): Mask {
  /** Those released last at the end. */
  const known = new Map<string, Known>();
  let released = 0;
  let index: SecretIndex | undefined;
  let parts: SecretParts | undefined;
  /** A vendor that is down says the same of every object. By digest: a message may be as long as an answer. */
  const cleaned = new Map<string, string>();

  function take(secret: string): void {
    const before = known.get(secret);
    if (before === undefined) {
      index?.add(secret);
      parts?.add(secret);
      cleaned.clear();
      known.set(secret, { holders: 1, since: 0 });
      return;
    }
    if (before.holders === 0) released -= secret.length;
    before.holders += 1;
  }

  function letGo(secret: string): void {
    const one = known.get(secret);
    if (one === undefined) return;
    one.holders -= 1;
    if (one.holders > 0) return;
    one.since = now();
    known.delete(secret);
    known.set(secret, one);
    released += secret.length;
    drop();
  }

  function drop(): void {
    for (const [secret, { holders, since }] of known) {
      if (holders > 0) continue;
      if (released <= releasedLength && now() - since < releasedMs) return;
      known.delete(secret);
      released -= secret.length;
      index = undefined;
      parts = undefined;
    }
  }

  function indexed(): SecretIndex {
    index ??= addAll(createSecretIndex(), known.keys());
    return index;
  }

  return {
    add: (secret) =>
      surely(() => {
        take(secret);
        letGo(secret);
      }),
    hold() {
      const held = new Set<string>();
      let over = false;
      return {
        add: (secret) =>
          surely(() => {
            if (held.has(secret)) return;
            take(secret);
            // A command that was to give it may answer when the run is over.
            if (over) letGo(secret);
            else held.add(secret);
          }),
        release: () =>
          surely(() => {
            over = true;
            for (const secret of held) letGo(secret);
            held.clear();
          }),
      };
    },
    mask: (text) => surely(() => (known.size === 0 ? text : maskWith(indexed(), text))),
    clean: (text, kind = 'words', said = undefined) =>
      surely(() => {
        parts ??= addAll(createSecretParts(), known.keys());
        // A copy, because a part would keep the whole text in memory.
        const source = Buffer.from(text.slice(0, LONGEST_SOURCE)).toString();
        if (parts.shortestGuess !== undefined) return sanitizeForeignText(source, parts, { kind, said });
        const key = `${kind} ${createHash('sha256').update(source).digest('base64')}`;
        const done = cleaned.get(key);
        if (done !== undefined) return done;
        const fit = sanitizeForeignText(source, parts, { kind });
        if (cleaned.size >= MANY) cleaned.clear();
        cleaned.set(key, fit);
        return fit;
      }),
  };
}

const MANY = 100;

function addAll<T extends { add(secret: string): void }>(to: T, secrets: Iterable<string>): T {
  for (const secret of secrets) to.add(secret);
  return to;
}

function maskWith(index: SecretIndex, text: string): string {
  const shown = withoutHits(index, text);
  const bare = shown.replace(INVISIBLE, '');
  // Spelled out with something invisible in between: there is no telling what of it may be shown.
  return bare.length < shown.length && index.find(bare).length > 0 ? PLACEHOLDER : shown;
}

function withoutHits(index: SecretIndex, text: string): string {
  let shown = '';
  let at = 0;
  for (const { start, end } of index.find(text)) {
    shown += text.slice(at, start) + PLACEHOLDER;
    at = end;
  }
  return shown + text.slice(at);
}

const INVISIBLE = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]+/gu;

/** The message of an engine's error may quote the text that it failed at. */
function surely<T>(work: () => T): T {
  try {
    return work();
  } catch {
    throw new MaskError();
  }
}
