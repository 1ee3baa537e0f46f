import { decodeMapped, foldText } from './folded-text.js';
import { createRunSet, type RunSet } from './run-set.js';
import { base64Forms, isGuessable } from './secret-forms.js';
import { ALL, ASCII, LETTERS, VISIBLE } from './text-views.js';

/** The parts of secrets, indexed once for each secret, which foreign text is compared with. */
export interface SecretParts {
  add(secret: string): void;
  /** By the length of its parts. */
  readonly sets: ReadonlyMap<number, RunSet>;
  /** Of the secrets that may be found by trying, the length of the shortest part; undefined without such a secret. */
  readonly shortestGuess: number | undefined;
}

/** A part of a secret of this length is enough to be dropped. */
const SHARED = 8;

/** A shorter secret is in every text. */
const SHORTEST = 4;

export function createSecretParts(): SecretParts {
  const sets = new Map<number, RunSet>();
  let shortestGuess: number | undefined;

  function addRuns(text: string, length: number): void {
    const set = sets.get(length) ?? createRunSet();
    sets.set(length, set);
    set.addRuns(text, length);
  }

  return {
    sets,
    get shortestGuess() {
      return shortestGuess;
    },
    add(secret) {
      const length = partLength(secret);
      if (length < SHORTEST) return;
      if (isGuessable(secret)) shortestGuess = Math.min(shortestGuess ?? length, length);
      for (const plain of plainForms(secret)) addRuns(plain, length);
      if (secret.length < SHARED) return;
      for (const encoded of encodedForms(secret)) addRuns(encoded, SHARED);
    },
  };
}

/** Of a secret that is hardly longer than that, half of it, and of a very short one all. */
function partLength(secret: string): number {
  const { length } = secret.trim();
  if (length < SHORTEST) return secret.length < SHARED ? 0 : SHARED;
  if (length < SHARED) return length;
  return Math.min(SHARED, Math.max(5, Math.ceil(length / 2)));
}

function plainForms(secret: string): Set<string> {
  const meant = decodeMapped({ text: secret, starts: [], ends: [] }).text;
  // As letters alone, a very short secret of many signs would be in every text.
  const views = secret.trim().length < SHARED ? [VISIBLE, ALL] : [LETTERS, VISIBLE, ALL, ASCII];
  return new Set([secret, meant].flatMap((text) => views.map((view) => foldText(text, view))));
}

/** Hex and base64, as letters alone. */
export function encodedForms(secret: string): Set<string> {
  const encoded = [Buffer.from(secret).toString('hex'), ...base64Forms(secret)];
  return new Set(encoded.map((text) => foldText(text, LETTERS)));
}
