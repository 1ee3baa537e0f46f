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

/** White space as it can be seen: dots, arrows, and escapes for what is wider or narrower than a space. */
export function visibleSpace(text: string): string {
  return text.replace(/\s/g, (character) => SPACES[character] ?? escapeCharacter(character));
}

const SPACES: Readonly<Record<string, string>> = { ' ': '·', '\t': '→', '\n': '↵\n' };

// Controls, lone surrogates, line separators, marks of annotations, the blank of Braille, and all that Unicode calls ignorable:
// zero-width and direction marks, fillers, tag characters, and selectors, which can smuggle hidden instructions into prompts.
// Keep the characters that emoji and scripts need, one between two others: a joiner, and a symbol's colour selector.
const UNSAFE =
  /(?!(?<=[\u0600-\u1aff])[\u200c\u200d](?=[\u0600-\u1aff]))(?!(?<=\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)\u200d(?=\p{Extended_Pictographic}))(?!(?<=\p{Emoji})[\ufe0e\ufe0f])[\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029\u2800\ufff9-\ufffb]/gu;
const UNSAFE_RUN = new RegExp(`(?:${UNSAFE.source})+`, UNSAFE.flags);

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeCharacter(character: string): string {
  const short = SHORT[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  return code > 0xffff ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
}
