import type { Diagnostic } from '../../model/diagnostic.js';
import { printable, printableLines } from '../../model/text.js';
import { severityCounts } from '../format/counts.js';
import { concat, type Shown } from '../format/detail.js';
import { joinLines, type Style, styleFor, type TextOptions } from '../format/style.js';
import { equalText, type Finding, findingsFor } from './findings.js';

/**
 * Diagnostics as a compiler prints them: errors first, equal warnings folded unless the detail is `full`, and their number
 * at the end.
 */
export function diagnosticsText(diagnostics: readonly Diagnostic[], options: TextOptions): string {
  if (diagnostics.length === 0) return '';
  const style = styleFor(options);
  const blocks = concat(findingsFor(diagnostics, style.detail).map((finding) => oneFinding(finding, style)));
  const more = blocks.cut ? ' (--log-level debug shows each)' : '';
  return joinLines([...blocks.shown, `${severityCounts(diagnostics)}${more}`]);
}

/** `llms/support.yaml:7:3`, as much of it as is known; without a file the address, unless the summary names it. */
export function formatLocation({ file, line, column, address, summary }: Diagnostic): string | undefined {
  if (file === undefined) {
    return address === undefined || summary.includes(address) ? undefined : printable(address);
  }
  if (line === undefined && summary.includes(file)) return undefined;
  const numbers = line === undefined ? [] : column === undefined ? [line] : [line, column];
  return [printable(file), ...numbers].join(':');
}

function oneFinding(finding: Finding, style: Style): Shown<string[]> {
  const { paint } = style;
  const { diagnostic } = finding;
  const equal = equalText(finding, style.detail);
  const { severity, code, summary, detail } = diagnostic;
  const color = severity === 'error' ? paint.red : paint.yellow;
  const where = formatLocation(diagnostic);
  const head = [color(paint.bold(`${severity}[${code}]`)), where, paint.bold(printable(summary))];
  const lines = [
    head.filter((word) => word !== undefined).join(' '),
    ...excerptLines(diagnostic, color, style),
    ...(detail === undefined ? [] : printableLines(detail).map((line) => `  ${line}`.trimEnd())),
    ...(equal.shown === undefined ? [] : [paint.dim(`  ${equal.shown}`)]),
  ];
  return { shown: lines, cut: equal.cut };
}

function excerptLines(diagnostic: Diagnostic, color: (text: string) => string, style: Style): string[] {
  const { excerpt, line, column } = diagnostic;
  if (excerpt === undefined || line === undefined) return [];
  const gutter = String(line);
  const before = visibleTabs(excerpt.slice(0, (column ?? 1) - 1));
  const after = visibleTabs(excerpt.slice((column ?? 1) - 1));
  const room = style.width - gutter.length - 6;
  const view = window(before, after, room);
  const lines = [`  ${style.paint.dim(`${gutter} |`)} ${view.text}`.trimEnd()];
  if (column === undefined) return lines;
  const blank = ' '.repeat(gutter.length);
  return [...lines, `  ${style.paint.dim(`${blank} |`)} ${' '.repeat(view.caret)}${color('^')}`];
}

// One column for a tab keeps the caret under what it means, and shows the tab that YAML refuses.
function visibleTabs(text: string): string {
  return printable(text.replaceAll('\t', '→'));
}

/** The part of a long line that the caret points into. */
function window(before: string, after: string, room: number): { text: string; caret: number } {
  const from = before.length < room - 10 ? 0 : before.length - Math.floor(room / 2);
  const head = from === 0 ? before : `…${before.slice(from + 1)}`;
  const left = room - head.length;
  const tail = after.length <= left ? after : `${after.slice(0, Math.max(1, left - 1))}…`;
  return { text: head + tail, caret: head.length };
}
