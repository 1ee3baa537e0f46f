import { type Diagnostic, error } from '../model/diagnostic.js';
import type { GuardRefusal } from '../model/guard.js';
import { entriesOf } from '../model/ledger.js';
import { type Allowance, refusals } from '../plan/guards.js';
import type { Prospect } from '../reconcile/reconcile.js';
import type { Intention } from '../reconcile/world.js';

/** What makes this a plan that cannot be trusted with writing. A target that failed to answer only goes without. */
export function mistakes({ plan, observation, secrets }: Prospect, intention: Intention): Diagnostic[] {
  const { unreadable, observed } = observation;
  const wrong = plan.diagnostics.filter((d) => d.severity === 'error' && !unreadable.includes(d));
  const unanswered = observed.length === 0 || lacksCredential(observation, intention) ? unreadable : [];
  return [...wrong, ...unanswered, ...secrets.diagnostics];
}

/** A target that is needed and has no connection has no credential: nothing else keeps one from being opened. */
function lacksCredential({ readers }: Prospect['observation'], intention: Intention): boolean {
  const { targets, manifests, ledger } = intention;
  return targets.some(
    ({ name }) =>
      !readers.has(name) &&
      (manifests.some(({ target }) => target === name) || entriesOf(ledger.objects, name).length > 0),
  );
}

/** A refusal where the plan is not the one with the fingerprint that was reviewed. */
export function moved({ plan }: Prospect, reviewed: readonly (string | undefined)[]): Diagnostic[] {
  const other = reviewed.find((hash) => hash !== undefined && hash !== plan.fingerprint);
  if (other === undefined) return [];
  return [
    error('stale', 'this is not the plan that was reviewed', {
      detail: `Manifests, ledger or live objects have changed since: its fingerprint was ${other}, and now it is ${plan.fingerprint}. Run llmform plan and review it again.`,
    }),
  ];
}

/** What the guards of the project have to say against a plan. */
export function guarded(
  { steps, unchanged, observation }: Prospect,
  { project }: Intention,
  allowance: Allowance,
): GuardRefusal[] {
  return refusals(steps, unchanged, observation.observed, project.guards, allowance);
}
