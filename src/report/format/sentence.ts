/** A note in lower case as a sentence of its own. */
export function asSentence(note: string): string {
  return `${note.charAt(0).toUpperCase()}${note.slice(1)}.`;
}

/** A sentence before another one; empty for an empty one. */
export function asPrefix(sentence: string): string {
  return sentence === '' ? '' : `${sentence}. `;
}
