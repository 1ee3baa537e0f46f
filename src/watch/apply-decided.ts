import { type Diagnostic, DiagnosticError } from '../model/diagnostic.js';
import { LlmformError } from '../model/llmform-error.js';
import type { Plan } from '../model/plan.js';
import { type ApplyResult, applyRun } from '../run/apply.js';
import { mistakes } from '../run/checks.js';
import { openConnections } from './connections.js';
import type { Decision } from './decide.js';
import type { RunOrder } from './run-order.js';

/** The plan was another one by the time it was to be carried out, or its time was over. Nothing was written. */
export class MovedError extends LlmformError {
  override readonly name = 'MovedError';
  readonly code = 'moved';
}

/**
 * Applies a plan that was decided on, if it is still the same. When the run is to stop, reads are given up as long as
 * nothing was written; after that, requests in flight are finished and recorded, until there is no time for that either.
 * Throws `MovedError`, the reason of `stop`, and what `applyRun` throws.
 */
export async function applyDecided(
  { workspace, effects, options, limit: { stop, cut } }: Omit<RunOrder, 'circumstances' | 'approvals'>,
  { fingerprint }: Pick<Plan, 'fingerprint'>,
  { held, keepsOld, holdsStill }: Pick<Decision, 'held' | 'keepsOld' | 'holdsStill'>,
  approved: string | undefined,
): Promise<ApplyResult> {
  const connections = openConnections();
  const warnings: Diagnostic[] = [];
  let writes = false;
  const giveUp = () => {
    if (!writes) connections.cut();
  };
  stop.addEventListener('abort', giveUp);
  cut.addEventListener('abort', connections.cut);
  try {
    const result = await applyRun({
      workspace,
      effects: { ...effects, client: connections.track(effects.client) },
      options,
      savedPlan: approved,
      held,
      keepsOld,
      signal: stop,
      approve(prospect, intention) {
        stop.throwIfAborted();
        const wrong = mistakes(prospect, intention);
        if (wrong.length > 0) throw new DiagnosticError(...wrong);
        if (prospect.plan.fingerprint !== fingerprint || !holdsStill()) throw new MovedError();
        writes = true;
      },
      onWarnings: (found) => void warnings.push(...found),
    });
    return { ...result, later: [...result.later, ...warnings] };
  } catch (fault) {
    // What failed because it was given up says less than why it was given up.
    throw stop.aborted && !writes && !(fault instanceof MovedError) ? stop.reason : fault;
  } finally {
    stop.removeEventListener('abort', giveUp);
    cut.removeEventListener('abort', connections.cut);
  }
}
