import type { Diagnostic } from '../model/diagnostic.js';
import { inFileOrder, location } from './diagnostics-text.js';
import { fence } from './markdown.js';
import { printable, printableLines } from './printable.js';
import { truncate } from './style.js';
import { count, severityCounts } from './wording.js';

/** Diagnostics as markdown: a count, then a block of text in which nothing is markup. Empty where there are none. */
export function diagnosticsMarkdown(diagnostics: readonly Diagnostic[]): string[] {
  if (diagnostics.length === 0) return [];
  const shown = inFileOrder(diagnostics).slice(0, MOST);
  const rest = diagnostics.length - shown.length;
  return [
    `**${severityCounts(diagnostics)}**`,
    '',
    ...fence('', shown.flatMap(lines)),
    '',
    ...(rest > 0 ? [`_${count(rest, 'more message')} not shown here._`, ''] : []),
  ];
}

const MOST = 50;
/** Characters of one line, and lines of one detail: a vendor's message may be a whole page. */
const LONGEST = 400;
const MOST_LINES = 10;

function lines(diagnostic: Diagnostic): string[] {
  const { severity, code, summary, detail } = diagnostic;
  const where = location(diagnostic);
  const head = [`${severity}[${code}]`, where, printable(summary)].filter((word) => word !== undefined);
  const more = detail === undefined ? [] : printableLines(detail).slice(0, MOST_LINES);
  return [head.join(' '), ...more.map((line) => `  ${line}`.trimEnd())].map((line) =>
    truncate(line, LONGEST),
  );
}
