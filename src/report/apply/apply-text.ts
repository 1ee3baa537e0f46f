import type { ApplyReport, Outcome, Status } from '../../model/outcome.js';
import { printable } from '../../model/text.js';
import { plainHint } from '../format/hint.js';
import { joinLines, type Style, styleFor, type TextOptions } from '../format/style.js';
import {
  applyHints,
  applyVerdict,
  outcomeNextStep,
  outcomeReason,
  requestTotals,
  rewrittenTexts,
} from './apply-summary.js';

/**
 * The outcome of a plan, for a terminal or a log: a line for each change, then the totals. Its diagnostics are not
 * in it, since they go to another stream: see `diagnosticsText`.
 */
export function applyText(report: ApplyReport, options: TextOptions): string {
  const style = styleFor(options);
  const { paint } = style;
  const lines = report.outcomes.flatMap((outcome) => outcomeLines(outcome, style));
  return joinLines([
    ...lines,
    ...(lines.length > 0 ? [''] : []),
    paint.bold(applyVerdict(report)),
    ...applyHints(report).map((hint) => `  ${plainHint(hint)}`),
    paint.dim(
      [requestTotals(report), `fingerprint ${printable(report.fingerprint)}`].filter(Boolean).join('; '),
    ),
  ]);
}

const SYMBOLS: Readonly<Record<Status, string>> = { applied: '✓', failed: '✗', stale: '!', skipped: '-' };

function outcomeLines(outcome: Outcome, { paint }: Style): string[] {
  const { status, action, address, id, notPersisted = [] } = outcome;
  const color = statusColor(status, paint);
  const word = status === 'applied' ? '' : ` ${color(status)}`;
  const fact = id === undefined ? '' : paint.dim(`  ${printable(id)}`);
  const lines = [`${color(SYMBOLS[status])} ${action.padEnd(7)} ${printable(address)}${word}${fact}`];
  const why = outcomeReason(outcome);
  if (why !== undefined) lines.push(`    ${printable(why)}`);
  const next = outcomeNextStep(outcome);
  if (next !== undefined) lines.push(`    ${paint.dim(next)}`);
  if (notPersisted.length > 0) {
    lines.push(
      `    ${paint.yellow(`accepted, but not kept by the vendor: ${notPersisted.map(printable).join(', ')}`)}`,
    );
  }
  const rewritten = rewrittenTexts(outcome);
  if (rewritten.length > 0) {
    lines.push(
      `    ${paint.dim(`kept in a form that reads the same: ${rewritten.map(printable).join(', ')}`)}`,
    );
  }
  return lines;
}

function statusColor(status: Status, paint: Style['paint']): (text: string) => string {
  if (status === 'applied') return paint.green;
  return status === 'failed' ? paint.red : paint.yellow;
}
