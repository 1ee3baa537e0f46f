import type { Diagnostic } from '../model/diagnostic.js';
import { inFileOrder, location } from './diagnostics-text.js';
import { details, fence } from './markdown.js';
import { printable, printableLines } from './printable.js';
import type { Room } from './room.js';
import { truncate } from './style.js';
import { count, severityCounts } from './wording.js';

/**
 * Diagnostics as markdown: a count, then a block of text in which nothing is markup. Empty where there are none. What has
 * no room is counted, and warnings go first.
 */
export function diagnosticsMarkdown(diagnostics: readonly Diagnostic[], room: Room): readonly string[] {
  if (diagnostics.length === 0) return [];
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const byWeight = [...errors, ...diagnostics.filter(({ severity }) => severity !== 'error')];
  const texts = new Map(diagnostics.map((diagnostic) => [diagnostic, lines(diagnostic)]));
  return room.fill(diagnostics.length, (most) => {
    const title = severityCounts(diagnostics);
    const text = inFileOrder(byWeight.slice(0, most)).flatMap((one) => texts.get(one) ?? []);
    const block = most > 0 ? fence('', text) : [];
    const folded = most > FEW || (most > 0 && text.length > FEW_LINES);
    const shown = folded ? details(`<b>${title}</b>`, block) : [`**${title}**`, '', ...block];
    const rest = diagnostics.length - most;
    const where = room.rest === undefined ? '' : `; all are ${room.rest}`;
    return [
      ...shown,
      '',
      ...(rest > 0 ? [`_${count(rest, 'more message')} not shown here${where}._`, ''] : []),
    ];
  });
}

/** More than that would stand between the reader and the plan, and is folded. */
const FEW = 10;
const FEW_LINES = 30;
/** Characters of one line, and lines of one detail: a vendor's message may be a whole page. */
const LONGEST = 400;
const MOST_LINES = 10;

function lines(diagnostic: Diagnostic): string[] {
  const { severity, code, summary, detail } = diagnostic;
  const where = location(diagnostic);
  const head = [`${severity}[${code}]`, where, printable(summary)].filter((word) => word !== undefined);
  const more =
    detail === undefined ? [] : printableLines(detail.slice(0, MOST_LINES * LONGEST)).slice(0, MOST_LINES);
  return [head.join(' '), ...more.map((line) => `  ${line}`.trimEnd())].map((line) =>
    truncate(line, LONGEST),
  );
}
