import { LlmformError } from '../model/llmform-error.js';
import type { Outcome, Status } from '../model/outcome.js';
import { unexpectedDiagnostic } from '../model/unexpected.js';
import { VendorError } from '../model/vendor-error.js';
import { isWanted, type Step } from '../plan/step.js';
import { StaleError } from './check-stale.js';

export function appliedOutcome(step: Step, id: string | undefined): Outcome {
  return outcome(step, 'applied', id);
}

/** A fault that a request or the ledger gave. An object that changed or went since it was planned is stale. */
export function failedOutcome(step: Step, error: unknown, id: string | undefined): Outcome {
  if (!(error instanceof StaleError)) return { ...outcome(step, 'failed', id), error: describeError(error) };
  return { ...outcome(step, 'stale', id), error: describeError(error.cause ?? error) };
}

export function skippedOutcome(step: Step, code: string, message: string): Outcome {
  return { ...outcome(step, 'skipped', step.live?.id), error: { code, message } };
}

/** The new version is in place, and an old one could not be removed yet. */
export function oldVersionKeptOutcome(step: Step, id: string | undefined, because: string): Outcome {
  const message = `the new version is in place, but ${step.retire.join(', ')} is kept because ${because}; the next apply removes it, and counts it as deleted`;
  return { ...outcome(step, 'failed', id), error: { code: 'old-version-kept', message } };
}

/** A removal that failed: of the object itself, or of the old one beside a new version. */
export function notRemovedOutcome(step: Step, id: string | undefined, error: unknown): Outcome {
  const failed = failedOutcome(step, error, id);
  if (!isWanted(step)) return failed;
  return oldVersionKeptOutcome(step, id, failed.error?.message ?? 'it could not be removed');
}

function outcome({ change }: Step, status: Status, id: string | undefined): Outcome {
  const { address, action } = change;
  return { address, action, status, ...(id !== undefined && { id }) };
}

function describeError(error: unknown): NonNullable<Outcome['error']> {
  if (error instanceof VendorError) {
    const operation = error.operation === '' ? '' : ` (${error.operation})`;
    const message = `${error.message}${operation}`;
    return { code: error.code, message, ...(error.status !== undefined && { httpStatus: error.status }) };
  }
  if (error instanceof LlmformError) return { code: error.code, message: error.message };
  // One object must not take the others with it, nor what is known of them.
  return { code: 'internal', message: unexpectedDiagnostic(error).summary };
}
