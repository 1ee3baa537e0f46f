import { printable } from '../../model/text.js';
import { breakText } from './rows.js';

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

/**
 * A fenced block that its content cannot end: the fence is longer than every run of backticks inside. A block of code does
 * not break its lines, and what stands far to the right is out of sight: every line is over as many rows as it needs.
 */
export function fencedBlock(language: string, lines: readonly string[]): string[] {
  const rows = lines.map(withoutComments).flatMap((line) => rowsOf(line, language));
  const runs = rows.flatMap((row) => row.match(/`+/g) ?? []).map((run) => run.length);
  const mark = '`'.repeat(Math.max(2, ...runs) + 1);
  return [`${mark}${language}`, ...rows, mark];
}

/** Columns of a row: what a comment shows without scrolling, and the sign of a diff. */
const WIDTH = 96;

/** The rows of a line; those after the first are indented, and have its sign. */
function rowsOf(line: string, language: string): string[] {
  const sign = language === 'diff' ? (/^[-+!#] /.exec(line)?.[0] ?? '') : '';
  const indent = language === 'diff' ? `${sign.padEnd(2)}  ` : '  ';
  return breakText(line.slice(sign.length), WIDTH - indent.length).map(
    (row, i) => (i === 0 ? sign : indent) + row,
  );
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
