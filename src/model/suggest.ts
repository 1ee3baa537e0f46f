import { distance } from 'fastest-levenshtein';

/** The known word that was probably meant, or undefined when none is close. */
export function suggestWord(word: string, known: Iterable<string>): string | undefined {
  const plain = simplify(word);
  // A third of the letters may be wrong: more than that and the guess confuses more than it helps.
  let closest = Math.max(1, Math.floor(word.length / 3)) + 1;
  let found: string | undefined;
  for (const candidate of known) {
    const simple = simplify(candidate);
    if (simple === plain) return candidate;
    if (Math.abs(simple.length - plain.length) >= closest) continue;
    const wrong = distance(simple, plain);
    if (wrong < closest) {
      closest = wrong;
      found = candidate;
    }
  }
  return found;
}

/** `did you mean` as a sentence with a space after it, or nothing. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const found = suggestWord(word, known);
  return found === undefined ? '' : `Did you mean "${found}"? `;
}

/** `display_name`, `display-name` and `DisplayName` are one word to a person. */
function simplify(word: string): string {
  return word.toLowerCase().replaceAll(/[-_. ]/g, '');
}
