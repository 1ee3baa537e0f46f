/** A sentence for a reader, with its commands and flags set apart. */
export type Hint = readonly (string | { code: string })[];

/** Words around code spans: each form of a report sets them apart in its own way. */
export function hintText(hint: Hint, code: (text: string) => string, word = (text: string) => text): string {
  return hint.map((part) => (typeof part === 'string' ? word(part) : code(part.code))).join('');
}

export function plainHint(hint: Hint): string {
  return hintText(hint, (text) => text);
}

export function markdownHint(hint: Hint): string {
  return hintText(hint, (text) => `\`${text}\``);
}
