import type { Diagnostic } from '../../model/diagnostic.js';
import { printable, printableLines } from '../../model/text.js';
import { countNoun, severityCounts } from '../format/counts.js';
import { concat, type Detail, type Shown, uncut } from '../format/detail.js';
import { fencedBlock, foldedDetails } from '../format/markdown.js';
import { createSizeBudget, type SizeBudget } from '../format/size-budget.js';
import { fitText } from '../format/style.js';
import { formatLocation } from './diagnostics-text.js';
import { countDiagnostics, equalText, type Finding, findingsFor } from './findings.js';

/** The lines of `shownDiagnostics` in short, for where nothing depends on what was left out. */
export function diagnosticsMarkdown(
  diagnostics: readonly Diagnostic[],
  room: SizeBudget = createSizeBudget({}),
): readonly string[] {
  return shownDiagnostics(diagnostics, room, 'short').shown;
}

/**
 * Diagnostics as markdown: a count, then a block of text in which nothing is markup: errors first, equal warnings folded.
 * Empty without diagnostics. Messages that have no room are left out from the end, and counted.
 */
export function shownDiagnostics(
  diagnostics: readonly Diagnostic[],
  room: SizeBudget,
  detail: Detail,
): Shown<readonly string[]> {
  if (diagnostics.length === 0) return uncut([]);
  const findings = findingsFor(diagnostics, detail);
  const texts = findings.map((finding) => linesOf(finding, detail));
  const { lines, left } = room.fill(findings.length, (most) => {
    const title = severityCounts(diagnostics);
    const text = concat(texts.slice(0, most)).shown;
    const block = most > 0 ? fencedBlock('', text) : [];
    const folded = most > FEW || (most > 0 && text.length > FEW_LINES);
    const shown = folded ? foldedDetails(`<b>${title}</b>`, block) : [`**${title}**`, '', ...block];
    const rest = countDiagnostics(findings.slice(most));
    const where = room.rest === undefined ? '' : `; all are ${room.rest}`;
    return [
      ...shown,
      '',
      ...(rest > 0 ? [`_${countNoun(rest, 'more message')} not shown here${where}._`, ''] : []),
    ];
  });
  return { shown: lines, cut: left > 0 || texts.some(({ cut }) => cut) };
}

/** More than that would stand between the reader and the plan, and is folded. */
const FEW = 10;
const FEW_LINES = 30;
/** Columns that a comment shows without scrolling. */
const WIDTH = 92;
/** Characters of one line, and lines of one detail, that are shown in short: a vendor's message may be a whole page. */
const LONGEST = 1000;
const MOST_LINES = 10;

function linesOf(finding: Finding, detail: Detail): Shown<string[]> {
  const { diagnostic } = finding;
  const equal = equalText(finding, detail);
  const { severity, code, summary } = diagnostic;
  const where = formatLocation(diagnostic);
  const said = fitText(summary, LONGEST, detail);
  const head = [`${severity}[${code}]`, where, printable(said.shown)].filter((word) => word !== undefined);
  const more = diagnostic.detail?.split('\n') ?? [];
  const most = detail === 'short' ? MOST_LINES : more.length;
  const left = more.length - most;
  return concat([
    { shown: wrapText(head.join(' '), '    '), cut: said.cut },
    ...more.slice(0, most).map((line) => {
      const { shown, cut } = fitText(line, LONGEST, detail);
      return { shown: printableLines(shown).flatMap((safe) => wrapText(`  ${safe}`, '  ')), cut };
    }),
    ...(left > 0 ? [{ shown: [`  … ${left} more lines`], cut: true }] : []),
    { shown: equal.shown === undefined ? [] : wrapText(`  ${equal.shown}`, '    '), cut: equal.cut },
  ]);
}

/** Breaks a line into as many as it needs: a block of code does not wrap, and would scroll sideways. */
function wrapText(text: string, indent: string): string[] {
  const rows: string[] = [];
  let row = '';
  for (const word of text.split(/(?<=\S) +/)) {
    const longer = row === '' ? word : `${row} ${word}`;
    if (longer.length > WIDTH && row !== '') rows.push(row);
    row = longer.length > WIDTH && row !== '' ? indent + word : longer;
  }
  return [...rows, row].map((line) => line.trimEnd());
}
