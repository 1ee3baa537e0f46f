import { type Diagnostic, DiagnosticError } from '../../model/diagnostic.js';
import { LlmformError } from '../../model/llmform-error.js';
import type { Plan } from '../../model/plan.js';
import type { LedgerStore } from '../../model/ports.js';
import { type ApplyResult, applyWorkspace } from '../../usecases/apply-workspace.js';
import { findPlanErrors } from '../../usecases/check-plan.js';
import { trackConnections } from './connections.js';
import type { Decision } from './decide.js';
import type { RunRequest } from './run-request.js';

/** The plan was another one by the time it was to be carried out, or its time was over. Nothing was written. */
export class PlanChangedError extends LlmformError {
  override readonly name = 'MovedError';
  readonly code = 'moved';
}

/**
 * Applies a plan that was decided on, if it is still the same. When the run is to stop, reads are given up as long as
 * nothing was written; after that, requests in flight are finished and recorded, until there is no time for that either.
 * Throws `PlanChangedError`, the reason of `stop`, and what `applyWorkspace` throws.
 */
export async function applyDecision(
  { workspace, effects, options, origin, limit: { stop, cut } }: Omit<RunRequest, 'policy' | 'approvals'>,
  { fingerprint }: Pick<Plan, 'fingerprint'>,
  { held, keepsRetired, holdsStill }: Pick<Decision, 'held' | 'keepsRetired' | 'holdsStill'>,
  approved: string | undefined,
): Promise<ApplyResult> {
  const connections = trackConnections();
  const warnings: Diagnostic[] = [];
  let writes = false;
  const giveUp = () => {
    if (!writes) connections.cut();
  };
  stop.addEventListener('abort', giveUp);
  cut.addEventListener('abort', connections.cut);
  try {
    const result = await applyWorkspace({
      workspace,
      effects: {
        ...effects,
        client: connections.track(effects.client),
        ledger: lockUntilStopped(effects.ledger, stop),
      },
      options,
      ...(origin && { origin }),
      savedPlan: approved,
      held,
      keepsRetired,
      signal: stop,
      approve(prepared, desiredState) {
        stop.throwIfAborted();
        const wrong = findPlanErrors(prepared, desiredState);
        if (wrong.length > 0) throw new DiagnosticError(...wrong);
        if (prepared.plan.fingerprint !== fingerprint || !holdsStill()) throw new PlanChangedError();
        writes = true;
      },
      onWarnings: (found) => void warnings.push(...found),
    });
    return { ...result, later: [...result.later, ...warnings] };
  } catch (fault) {
    // The reason for giving up says more than the failures that it caused.
    throw stop.aborted && !writes && !(fault instanceof PlanChangedError) ? stop.reason : fault;
  } finally {
    stop.removeEventListener('abort', giveUp);
    cut.removeEventListener('abort', connections.cut);
  }
}

/** A run that is to stop does not go on waiting for the lock: when it comes after all, it is given back. */
function lockUntilStopped(store: LedgerStore, stop: AbortSignal): LedgerStore {
  return {
    read: () => store.read(),
    async lock() {
      const taking = store.lock();
      let giveUp = () => {};
      const stopped = new Promise<never>((_, reject) => {
        giveUp = () => reject(stop.reason);
        stop.addEventListener('abort', giveUp);
      });
      try {
        return await Promise.race([taking, stopped]);
      } catch (fault) {
        void taking.then((lock) => lock.release()).catch(() => undefined);
        throw fault;
      } finally {
        stop.removeEventListener('abort', giveUp);
      }
    },
  };
}
