import type { DesiredState } from '../model/desired-state.js';
import { type Diagnostic, error } from '../model/diagnostic.js';
import type { GuardRefusal } from '../model/guard.js';
import { entriesOf } from '../model/ledger.js';
import { type Allowance, refusals } from '../plan/guards.js';
import type { PreparedPlan } from '../prepare/prepare.js';

/** Errors that make a plan unsafe to apply. A target that failed to answer is only left out. */
export function findPlanErrors(
  { plan, observation, secrets }: PreparedPlan,
  desiredState: DesiredState,
): Diagnostic[] {
  const { unreadable, observed } = observation;
  const wrong = plan.diagnostics.filter((d) => d.severity === 'error' && !unreadable.includes(d));
  const unanswered = observed.length === 0 || lacksCredential(observation, desiredState) ? unreadable : [];
  return [...wrong, ...unanswered, ...secrets.diagnostics];
}

/** A target that is needed and has no connection has no credential: nothing else keeps one from being opened. */
function lacksCredential({ readers }: PreparedPlan['observation'], desiredState: DesiredState): boolean {
  const { targets, manifests, ledger } = desiredState;
  return targets.some(
    ({ name }) =>
      !readers.has(name) &&
      (manifests.some(({ target }) => target === name) || entriesOf(ledger.objects, name).length > 0),
  );
}

/** A refusal where the plan is not the one with the fingerprint that was reviewed. */
export function checkFingerprint(
  { plan }: PreparedPlan,
  reviewed: readonly (string | undefined)[],
): Diagnostic[] {
  const other = reviewed.find((hash) => hash !== undefined && hash !== plan.fingerprint);
  if (other === undefined) return [];
  return [
    error('stale', 'this is not the plan that was reviewed', {
      detail: `Manifests, ledger or live objects have changed since: its fingerprint was ${other}, and now it is ${plan.fingerprint}. Run llmform plan and review it again.`,
    }),
  ];
}

/** Violations of the project's guards by a plan. */
export function checkGuards(
  { steps, unchanged, observation }: PreparedPlan,
  { project }: DesiredState,
  allowance: Allowance,
): GuardRefusal[] {
  return refusals(steps, unchanged, observation.observed, project.guards, allowance);
}
