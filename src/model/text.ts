/**
 * Makes text from vendors and manifests safe to show: no control character, terminal escape, invisible
 * character or change of writing direction gets through. What was there stays visible as an escape.
 */
export function printable(text: string): string {
  return replaceUnsafe(text, escapeCharacter);
}

/** The lines of a text, each of them safe to show. Tabs stay: they only move the cursor. */
export function printableLines(text: string): string[] {
  return text.split('\n').map((line) => line.split('\t').map(printable).join('\t'));
}

/** A text on one line, with a space where unsafe characters were: for names, where an escape would be noise. */
export function onOneLine(text: string): string {
  return text.replace(UNSAFE_RUN, ' ');
}

/** A text in which each character that is not safe to show is replaced, line breaks and tabs included. */
export function replaceUnsafe(text: string, replacement: (character: string) => string): string {
  return text.replace(UNSAFE, replacement);
}

// C0 and C1 controls, soft hyphen, zero-width and direction marks, line separators, byte order mark, tag
// characters (they smuggle hidden instructions into prompts) and lone surrogates. Joiners stay: emoji need them.
const UNSAFE =
  /[\p{Cc}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\p{Cs}]/gu;
const UNSAFE_RUN = new RegExp(`(?:${UNSAFE.source})+`, UNSAFE.flags);

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeCharacter(character: string): string {
  const short = SHORT[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  return code > 0xffff ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
}
