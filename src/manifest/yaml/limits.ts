/**
 * The longest document that the exact reader accepts, in characters: it needs some hundred times the memory of the text.
 * A document that is plain and right never gets there.
 */
export const MAX_EXACT = 1024 * 1024;

/** A file of the largest size holds fewer manifests than this; each document costs time, also one that says nothing. */
export const MAX_DOCUMENTS = 50_000;

/** How deep a document may be nested; no vendor's object comes near it. */
export const MAX_DEPTH = 100;

/** Keys that reach into JavaScript's own objects; no vendor has a field of such a name. */
export function isForbiddenKey(key: string): boolean {
  return key === '__proto__' || key === 'constructor' || key === 'prototype';
}

/** JSON has no infinity, and an integer beyond 2^53 would silently become another one. */
export function isPlainNumber(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}

/**
 * Space that looks like an indentation, and that YAML takes for a part of the text: a no-break space that was copied from a
 * chat, or a wide one of a Japanese keyboard.
 */
export function oddSpaceAround(key: string): string | undefined {
  return ODD_SPACE.exec(key)?.[0];
}

const ODD_SPACE = /^(?! )\p{Zs}|(?! )\p{Zs}$/u;
