import type { Diagnostic, DiagnosticCode } from '../../model/diagnostic.js';
import { DiagnosticError } from '../../model/diagnostic.js';
import type { Outcome } from '../../model/outcome.js';
import { unexpectedDiagnostic } from '../../model/unexpected.js';
import { VendorError } from '../../model/vendor-error.js';
import { RunStoppedError } from '../schedule/run-limit.js';
import type { RunResult } from '../state/model.js';

/** How a run ended that something kept from its work. */
export type Classification = Pick<RunResult, 'result' | 'error'>;

/** Errors that may go away by themselves. Every other one waits for the interval or for a change of the project. */
const PASSING: ReadonlySet<DiagnosticCode> = new Set(['vendor', 'ledger', 'stale', 'file', 'internal']);

/** Of a write that failed: what the vendor would say again. */
const FINAL: ReadonlySet<string> = new Set(['unauthorized', 'forbidden', 'invalid', 'refused', 'tls']);

/** Of findings that kept a run from going on. */
export function classifyDiagnostics(errors: readonly Diagnostic[]): Classification {
  const passes = errors.some(({ code }) => PASSING.has(code));
  // The message is that of the deciding error.
  const first = errors.find(({ code }) => PASSING.has(code) === passes);
  const error = {
    code: first?.code ?? 'internal',
    message: first?.summary ?? 'it failed without saying why',
  };
  return { result: passes ? 'error' : 'terminal', error };
}

/** Classifies any thrown value: our own faults too, because a daemon goes on. */
export function classifyError(fault: unknown): Classification {
  if (fault instanceof DiagnosticError) return classifyDiagnostics(fault.diagnostics);
  if (fault instanceof RunStoppedError || fault instanceof VendorError) {
    return { ...asError(fault.code, fault.message), ...(FINAL.has(fault.code) && { result: 'terminal' }) };
  }
  return asError('internal', unexpectedDiagnostic(fault).summary);
}

/** Of an apply. `undefined` where nothing went wrong. */
export function classifyOutcomes(outcomes: readonly Outcome[]): Classification | undefined {
  const failed = outcomes.filter(({ status }) => status === 'failed' || status === 'stale');
  const passing = failed.find(({ error }) => !FINAL.has(error?.code ?? ''));
  const worst = passing ?? failed[0];
  if (worst !== undefined) {
    const { code = 'failed', message = 'it failed' } = worst.error ?? {};
    const error = { code, message: `${worst.address}: ${message}` };
    return { result: passing === undefined ? 'terminal' : 'error', error };
  }
  const dropped = outcomes.find(({ notPersisted }) => notPersisted !== undefined);
  if (dropped === undefined) return undefined;
  const message = `${dropped.address}: the vendor did not keep ${dropped.notPersisted?.join(', ')}`;
  return { result: 'terminal', error: { code: 'not-persisted', message } };
}

function asError(code: string, message: string): Classification {
  return { result: 'error', error: { code, message } };
}
