import { printable } from '../../model/text.js';

/**
 * Foreign text inside a line, a table cell or a `<summary>` of markdown. It stands in a `code` element, where
 * GitHub looks for no @mentions and no issue numbers, and every character of markdown or HTML is an entity: unlike
 * backticks, that holds for every text and in every place.
 */
export function inlineCode(text: string): string {
  return `<code>${entities(printable(text))}</code>`;
}

/** Like `inlineCode`, but only characters that would mention a user or name an issue are set apart. */
export function inlineText(text: string): string {
  return entities(printable(text)).replace(/&#(?:35|64);/g, '<code>$&</code>');
}

/** A row of a table; the cells are markdown already. */
function row(cells: readonly (string | number)[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** A table; the cells are markdown already. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  return [row(head), row(head.map(() => '---')), ...rows.map(row)];
}

/** A fenced block that its content cannot end: the fence is longer than every run of backticks inside. */
export function fencedBlock(language: string, lines: readonly string[]): string[] {
  const runs = lines.flatMap((line) => line.match(/`+/g) ?? []).map((run) => run.length);
  const mark = '`'.repeat(Math.max(2, ...runs) + 1);
  return [`${mark}${language}`, ...lines.map(withoutComments), mark];
}

/** A folded section; both texts are markdown or HTML already. */
export function foldedDetails(summary: string, content: readonly string[]): string[] {
  return ['<details>', `<summary>${summary}</summary>`, '', ...content, '', '</details>'];
}

// Bots find their own comments again by a hidden HTML comment: foreign text must not be able to forge one.
function withoutComments(line: string): string {
  return line.replaceAll('<!--', '\\u003c!--');
}

function entities(text: string): string {
  return text.replace(MARKUP, (character) => `&#${character.charCodeAt(0)};`);
}

// The last three would make a link of a bare address.
const MARKUP = /[&<>"'`*_[\]\\|~$!@#]|:(?=\/\/)|(?<=mailto|xmpp):|(?<=www)\./gi;
