import type { Diagnostic } from '../model/diagnostic.js';
import type { Json } from '../model/json.js';
import type { Live } from '../model/vendor.js';
import type { Observed } from './observed.js';
import { makesNewId, type Step } from './step.js';

/**
 * No id is removed while something on the target still refers to it. A step that removes one waits for the steps
 * that let go of it; when somebody outside this plan holds on, the id is kept and a warning says who.
 */
export function protectReferences(steps: readonly Step[], observed: readonly Observed[]): Diagnostic[] {
  const referrers = referrersByKey(observed);
  const byLive = new Map(steps.map((step) => [step.live, step]));
  const holdersOf = (id: string, { target, kind: { name } }: Step): Holder[] =>
    (referrers.get(keyOf(target, name, id)) ?? []).map(({ kind, live, field }) => {
      const mover = byLive.get(live);
      return { kind, live, ...(mover !== undefined && lets(mover, field) && { step: mover }) };
    });
  return steps.flatMap((step) => {
    const holders = removedIds(step).flatMap((id) => holdersOf(id, step));
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
  const { change, live, retire } = step;
  if (change.blocked !== undefined) return [];
  return change.action === 'delete' && live !== undefined ? [live.id, ...retire] : retire;
}

/** A live object and the field of it that holds somebody's id. */
interface Referrer {
  kind: string;
  live: Live;
  field: string;
}

/** Who refers to what, found in one pass: one secret may be shared by thousands. */
function referrersByKey(observed: readonly Observed[]): Map<string, Referrer[]> {
  const found = new Map<string, Referrer[]>();
  for (const { target, kind, live } of observed) {
    for (const [field, { refersTo }] of Object.entries(kind.rules.fields)) {
      if (refersTo === undefined) continue;
      for (const object of live) {
        const key = keyOf(target.name, refersTo, object.spec[field]);
        const referrers = found.get(key);
        const referrer = { kind: kind.name, live: object, field };
        if (referrers === undefined) found.set(key, [referrer]);
        else referrers.push(referrer);
      }
    }
  }
  return found;
}

function keyOf(target: string, kind: string, id: Json | undefined): string {
  return JSON.stringify([target, kind, id]);
}

function lets(step: Step, field: string): boolean {
  if (step.change.blocked !== undefined) return false;
  return step.change.action === 'delete' || makesNewId(step) || step.fields.includes(field);
}

function keep(step: Step, holders: readonly Holder[]): Diagnostic {
  const by = holders.map(({ kind, live }) => `${kind} ${live.id}`);
  const { address, action } = step.change;
  const deletes = action === 'delete';
  if (deletes) step.change.blocked = { reason: 'in-use', by, known: 'references' };
  step.kept = step.retire;
  step.retire = [];
  return {
    severity: 'warning',
    code: 'in-use',
    summary: `${address}: ${deletes ? 'it' : 'its old version'} is kept, because ${by.join(', ')} still refers to it`,
    detail: 'Point that object elsewhere, or bring it under llmform; the next apply removes what is left.',
    address,
  };
}
