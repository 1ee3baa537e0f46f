import type { DesiredState } from '../model/desired-state.js';
import { asWarning, type Diagnostic, error } from '../model/diagnostic.js';
import { type GuardRefusal, guardText } from '../model/guard.js';
import { entriesOf } from '../model/ledger.js';
import { type Allowance, refusals } from '../plan/guards.js';
import { findMissingObjects } from '../plan/missing-objects.js';
import type { PreparedPlan } from '../prepare/prepare.js';

/** Errors that make a plan unsafe to apply. A target that failed to answer is only left out. */
export function findPlanErrors(
  { plan, observation, secrets }: PreparedPlan,
  desiredState: DesiredState,
): Diagnostic[] {
  const { unreadable, refused, observed } = observation;
  const apart = new Set([...unreadable, ...refused]);
  const wrong = plan.diagnostics.filter((d) => d.severity === 'error' && !apart.has(d));
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

/** A refusal of a guard as an error that names the way to lift it. */
export function guardFinding(refusal: GuardRefusal): Diagnostic {
  const { guard, actual } = refusal;
  return error('guard', guardText(refusal), { needs: { allow: 'guard', guard, least: actual } });
}

/** The guards that an apply of a plan would meet, as warnings: planning sends nothing. */
export function findGuardWarnings(prepared: PreparedPlan, desiredState: DesiredState): Diagnostic[] {
  return checkGuards(prepared, desiredState, {}).map((refusal) => ({
    ...asWarning(guardFinding(refusal)),
    summary: `apply will refuse this: ${guardText(refusal)}`,
  }));
}

/** Violations of the project's guards by a plan. */
export function checkGuards(
  { steps, unchanged, observation }: PreparedPlan,
  { project, ledger }: DesiredState,
  allowance: Allowance,
): GuardRefusal[] {
  const { observed } = observation;
  return [
    ...findMissingObjects(observed, ledger, project.guards, allowance.maxMissing),
    ...refusals(steps, unchanged, observed, project.guards, allowance),
  ];
}
