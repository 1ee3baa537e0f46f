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

/** A text in which it can be seen where it is composed in another way than is usual: `e\u0301` looks like `é`. */
export function visibleComposition(text: string): string {
  return text.replace(CLUSTER, (cluster) =>
    composed(cluster) === cluster ? cluster : cluster.replace(NOT_ASCII, escapeCharacter),
  );
}

/**
 * A text in the usual composition (NFC). One in which a character has more marks than any language uses stays as it is: the
 * time that composing takes grows with the square of their number.
 */
export function composed(text: string): string {
  return MANY_MARKS.test(text) ? text : text.normalize('NFC');
}

/** More than 30 in a row: the limit of the Stream-Safe Text Format of Unicode. */
const MANY_MARKS = /\p{M}{31}/u;

/** A character with its marks, or a run of the parts that Korean syllables are made of. */
const CLUSTER = /[\u1100-\u11ff]+|\P{M}?\p{M}+|[^\p{ASCII}\p{M}]/gu;
const NOT_ASCII = /\P{ASCII}/gu;

/** White space as it can be seen: dots, arrows, and escapes for what is wider or narrower than a space. */
export function visibleSpace(text: string): string {
  return text.replace(/\s/g, (character) => SPACES[character] ?? escapeCharacter(character));
}

const SPACES: Readonly<Record<string, string>> = { ' ': '·', '\t': '→', '\n': '↵\n' };

/** Characters that are not shown as they are. Each is the inside of a class of a pattern with the flag `v`. */
const UNSEEN: readonly string[] = [
  // Controls: a terminal acts on them.
  '\\p{Cc}',
  // Halves of a character: no encoding has them.
  '\\p{Cs}',
  // Separators of lines and paragraphs: some viewers break the line there.
  '\\u2028\\u2029',
  // Marks of annotations: viewers hide what stands between them.
  '\\ufff9-\\ufffb',
  // The blank of Braille.
  '\\u2800',
  // Spaces that do not break, and wider and narrower ones: all look like a space. The ideographic one is seen: it takes two
  // columns, and Japanese text is full of it.
  '\\p{Zs}--[ \\u3000]',
  // All that is shown as nothing: zero width, direction, fillers, joiners, and the tags and selectors that can carry hidden
  // instructions into a prompt.
  '\\p{Default_Ignorable_Code_Point}',
];

/** The places where one of these characters, between two others, is part of what is seen. There it stays. */
const MEANT: readonly string[] = [
  // Joins or parts the letters of Arabic and Indic scripts.
  '(?<=[\\u0600-\\u1aff])[\\u200c\\u200d](?=[\\u0600-\\u1aff])',
  // Joins several emoji to one.
  '(?<=\\p{Extended_Pictographic}|\\p{Emoji_Modifier}|\\ufe0f)\\u200d(?=\\p{Extended_Pictographic})',
  // Says whether a symbol has colours.
  '(?<=\\p{Emoji})[\\ufe0e\\ufe0f]',
];

const UNSAFE = new RegExp(
  [
    ...MEANT.map((place) => `(?!${place})`),
    `[${UNSEEN.map((characters) => `[${characters}]`).join('')}]`,
  ].join(''),
  'gv',
);
const UNSAFE_RUN = new RegExp(`(?:${UNSAFE.source})+`, UNSAFE.flags);

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeCharacter(character: string): string {
  const short = SHORT[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  return code > 0xffff ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
}
