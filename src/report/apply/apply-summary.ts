import type { ApplyReport, Outcome, Status } from '../../model/outcome.js';
import { aspectsText } from '../../model/text-aspects.js';
import { countNoun } from '../format/counts.js';
import type { Hint } from '../format/hint.js';

/** The states in the order in which people count them. */
const STATUSES: readonly Status[] = ['applied', 'failed', 'stale', 'skipped'];

/** The outcome of a plan in one sentence. */
export function applyVerdict(report: ApplyReport): string {
  const counts = statusCounts(report);
  return counts === '' ? 'Nothing was applied.' : `Apply: ${counts}.`;
}

/** `9 applied, 1 failed`; empty for a plan without changes. */
export function statusCounts({ summary }: ApplyReport): string {
  const counts = STATUSES.filter((status) => summary[status] > 0);
  return counts.map((status) => `${summary[status]} ${status}`).join(', ');
}

/** Facts and next steps for the reader of an apply. */
export function applyHints(report: ApplyReport): Hint[] {
  const { failed, stale, skipped } = report.summary;
  const hints: Hint[] = [];
  if (failed + stale + skipped > 0) {
    hints.push(['What was applied is recorded. Run ', { code: 'llmform plan' }, ' to see what is left.']);
  }
  const dropped = report.outcomes.filter((outcome) => (outcome.notPersisted?.length ?? 0) > 0).length;
  if (dropped > 0) {
    const objects = dropped === 1 ? '1 object was' : `${dropped} objects were`;
    hints.push([
      `${objects} not kept whole by the vendor. It stays so until you change or remove those fields.`,
    ]);
  }
  const rewritten = report.outcomes.filter(({ rewritten = [] }) => rewritten.length > 0).length;
  if (rewritten > 0) {
    hints.push([
      `Of ${countNoun(rewritten, 'object')} the vendor keeps a text that reads the same as what was sent. From now on both count as equal.`,
    ]);
  }
  const errors = report.diagnostics.filter((d) => d.severity === 'error').length;
  if (errors > 0) hints.push([`${countNoun(errors, 'error')} kept this apply from being complete.`]);
  return hints;
}

/** `9 reads, 4 writes`, without what is zero; empty where no request was sent. */
export function requestTotals({ requests: { read, write } }: ApplyReport): string {
  return [
    ...(read > 0 ? [countNoun(read, 'read')] : []),
    ...(write > 0 ? [countNoun(write, 'write')] : []),
  ].join(', ');
}

/** The reason of an outcome, such as `422 invalid: url must be https`. */
export function outcomeReason({ error }: Outcome): string | undefined {
  if (error === undefined) return undefined;
  const status = error.httpStatus === undefined ? '' : `${error.httpStatus} `;
  return `${status}${error.code}: ${error.message}`;
}

/** `/description (white space at an end)`, for each text that the vendor rewrote. */
export function rewrittenTexts({ rewritten = [] }: Outcome): string[] {
  return rewritten.map(({ path, differsIn }) => `${path} (${aspectsText(differsIn)})`);
}

/** The way out, if one is known; undefined for an outcome that needs none. */
export function outcomeNextStep({ status, error }: Outcome): string | undefined {
  if (status === 'applied') return undefined;
  if (status === 'stale') return STALE;
  return NEXT_STEPS.get(error?.code ?? '');
}

const STALE =
  'It changed after the plan was made and was left alone. Plan again and look at it before you apply.';
const AGAIN = 'Run apply again: objects that were applied are not touched twice.';
const CREDENTIAL = 'Check the credential of this target and what it is allowed to do.';

const NEXT_STEPS: ReadonlyMap<string, string> = new Map([
  ['unreachable', AGAIN],
  ['timeout', AGAIN],
  ['server', AGAIN],
  ['rate-limited', 'Run apply again; a lower requestsPerSecond for this target keeps it from happening.'],
  ['tls', 'Check the baseUrl of this target; a private CA goes into its caFile.'],
  ['redirect', 'Check the baseUrl of this target: redirects are not followed.'],
  ['not-json', 'Check the baseUrl of this target: something other than the API answered.'],
  ['unauthorized', CREDENTIAL],
  ['forbidden', CREDENTIAL],
  ['invalid', 'Correct the manifest and plan again.'],
  ['conflict', 'Another object with the same settings, name or id is in the way.'],
  ['not-found', 'It is gone. Plan again to have it created.'],
  ['stale', STALE],
  ['protected', 'Set lifecycle.preventDestroy to false in its manifest and apply that first.'],
  ['in-use', 'Remove what still refers to it or keeps its name, then apply again.'],
]);
