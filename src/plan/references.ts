import type { Diagnostic } from '../model/diagnostic.js';
import type { Live } from '../model/vendor.js';
import type { Observed } from './plan.js';
import { makesNewId, type Step } from './step.js';

/**
 * No id is removed while something on the target still refers to it. A step that removes one waits for the steps
 * that let go of it; when somebody outside this plan holds on, the id is kept and a warning says who.
 */
export function protectReferences(steps: readonly Step[], observed: readonly Observed[]): Diagnostic[] {
  return steps.flatMap((step) => {
    const holders = removedIds(step).flatMap((id) => holdersOf(id, step, steps, observed));
    const lettingGo = holders.flatMap((holder) =>
      holder.step === undefined ? [] : [holder.step.change.address],
    );
    const others = holders.filter((holder) => holder.step === undefined);
    if (step.change.action === 'delete') step.dependsOn.push(...lettingGo);
    else step.retireAfter.push(...lettingGo);
    return others.length === 0 ? [] : [keep(step, others)];
  });
}

interface Holder {
  kind: string;
  live: Live;
  /** The step that lets go; absent when none does. */
  step?: Step;
}

function removedIds(step: Step): string[] {
  if (step.change.blocked !== undefined || step.live === undefined) return [];
  return step.change.action === 'delete' ? [step.live.id, ...step.retire] : step.retire;
}

function holdersOf(id: string, step: Step, steps: readonly Step[], observed: readonly Observed[]): Holder[] {
  return observed
    .filter((scope) => scope.target.name === step.target)
    .flatMap(({ kind, live }) =>
      Object.entries(kind.rules.fields)
        .filter(([, rule]) => rule.refersTo === step.kind.name)
        .flatMap(([field]) =>
          live
            .filter((object) => object.spec[field] === id)
            .map((object): Holder => {
              const mover = steps.find((other) => lets(other, object, field));
              return { kind: kind.name, live: object, ...(mover && { step: mover }) };
            }),
        ),
    );
}

function lets(step: Step, live: Live, field: string): boolean {
  if (step.live !== live || step.change.blocked !== undefined) return false;
  return step.change.action === 'delete' || makesNewId(step) || step.fields.includes(field);
}

function keep(step: Step, holders: readonly Holder[]): Diagnostic {
  const names = holders.map(({ kind, live }) => `${kind} ${live.id}`).join(', ');
  const { address, action } = step.change;
  const deletes = action === 'delete';
  if (deletes) step.change.blocked = `still used by ${names}`;
  step.kept = step.retire;
  step.retire = [];
  return {
    severity: 'warning',
    code: 'in-use',
    summary: `${address}: ${deletes ? 'it' : 'its old version'} is kept, because ${names} still refers to it`,
    detail: 'Point that object elsewhere, or bring it under llmform; the next apply removes what is left.',
    address,
  };
}
