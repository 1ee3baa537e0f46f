import type { Diagnostic } from '../model/diagnostic.js';
import { parsePointer } from '../model/pointer.js';
import { isWanted, makesNewId, type Step } from '../plan/step.js';

/**
 * Secrets that could not be resolved, cut in two: those that the steps send, without which nothing may be written, and those
 * that no step needs.
 */
export function splitUnresolved(
  unresolved: readonly Diagnostic[],
  steps: readonly Step[],
): { needed: Diagnostic[]; unsent: Diagnostic[] } {
  const byAddress = new Map<string | undefined, Step>(steps.map((step) => [step.change.address, step]));
  const isNeeded = ({ address, path = '' }: Diagnostic) => {
    const step = byAddress.get(address);
    return step !== undefined && sends(step, parsePointer(path)[1] ?? '');
  };
  return {
    needed: unresolved.filter(isNeeded),
    unsent: unresolved.filter((found) => !isNeeded(found)),
  };
}

function sends(step: Step, field: string): boolean {
  if (step.change.blocked !== undefined || !isWanted(step)) return false;
  return makesNewId(step) || step.action === 'create' || step.fields.includes(field);
}
