import type { ApplyReport } from '../../model/outcome.js';
import { printable } from '../../model/text.js';
import { requestTotals, statusCounts } from './apply-summary.js';

/**
 * The outcome of an apply, as the message of a commit: a subject, a line for each object, and the facts. It stays for
 * ever, so vendors' own words are left out.
 */
export function applyLog(report: ApplyReport, interrupted = false): string {
  const subject = statusCounts(report) || 'Nothing was applied';
  const lines = report.outcomes.map(({ status, action, address, error, notPersisted }) => {
    const why = error === undefined ? '' : ` (${[error.httpStatus, error.code].filter(Boolean).join(' ')})`;
    const dropped = notPersisted === undefined ? '' : ' (not kept whole by the vendor)';
    return printable(`${status.padEnd('skipped'.length)}  ${action.padEnd(7)}  ${address}${why}${dropped}`);
  });
  const facts = [
    `Requests: ${requestTotals(report) || 'none'}`,
    `Fingerprint: ${printable(report.fingerprint)}`,
  ];
  return [
    `llmform apply: ${subject}${interrupted ? ', interrupted' : ''}`,
    ...(lines.length > 0 ? ['', ...lines] : []),
    '',
    ...facts,
    '',
  ].join('\n');
}
