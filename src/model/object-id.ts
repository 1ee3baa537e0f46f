const LONGEST_ID = 256;

/**
 * Why a text cannot be the id of an object, in words; undefined where it can. An id becomes a segment of a path, and
 * stands in the ledger and in messages, so ids are checked wherever they come from: vendors, manifests and the ledger.
 */
export function findIdFault(id: string): string | undefined {
  if (USUAL.test(id)) return undefined;
  if (id === '') return 'it is empty';
  if (id.length > LONGEST_ID) return `it is longer than ${LONGEST_ID} characters`;
  // `encodeURIComponent` lets dots stand, and servers resolve them.
  if (id === '.' || id === '..') return 'it is a step in a path';
  if (/[/\\]/.test(id)) return 'it holds a slash';
  if (/\p{Cc}/u.test(id)) return 'it holds a control character';
  // `encodeURIComponent` throws on half a character.
  if (/\p{Surrogate}/u.test(id)) return 'it holds half a character (a lone surrogate)';
  return undefined;
}

/** Of nearly all ids no more has to be asked. */
const USUAL = /^\w[\w-]{0,255}$/;
