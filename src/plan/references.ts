import type { Address } from '../model/address.js';
import type { Blocked } from '../model/blocked.js';
import { type Diagnostic, warning } from '../model/diagnostic.js';
import type { Json } from '../model/json.js';
import type { Observed } from '../model/observed.js';
import type { Live } from '../model/vendor.js';
import { makesNewId, type Step } from './step.js';

/**
 * No id is removed while something on the target still refers to it. A step that removes one waits for the steps
 * that drop their reference; when an object outside this plan keeps its reference, the id is kept and a warning names
 * the object. Returns the steps adjusted for this, in the same order.
 */
export function protectReferences(
  steps: readonly Step[],
  observed: readonly Observed[],
): { steps: Step[]; diagnostics: Diagnostic[] } {
  const referrers = referrersByKey(observed);
  const byLive = new Map(steps.map((step) => [step.live, step]));
  const holdersOf = (id: string, { target, kind: { name } }: Step, staying: ReadonlySet<Address>): Holder[] =>
    (referrers.get(keyOf(target, name, id)) ?? []).map(({ kind, live, field }) => {
      const mover = byLive.get(live);
      const letsGo = mover !== undefined && !staying.has(mover.change.address) && lets(mover, field);
      return { kind, live, ...(letsGo && { step: mover }) };
    });
  // An object that stays keeps the objects that it refers to, so repeat until no more objects have to stay.
  const staying = new Set<Address>();
  for (;;) {
    const held = steps.map((step) => ({
      step,
      holders: removedIds(step).flatMap((id) => holdersOf(id, step, staying)),
    }));
    const stay = held.filter(
      ({ step, holders }) =>
        step.action === 'delete' &&
        holders.some((holder) => holder.step === undefined) &&
        !staying.has(step.change.address),
    );
    if (stay.length === 0) {
      return {
        steps: held.map(({ step, holders }) => protectedStep(step, holders)),
        diagnostics: held.flatMap(({ step, holders }) => keptBecause(step, holders)),
      };
    }
    for (const { step } of stay) staying.add(step.change.address);
  }
}

function protectedStep(step: Step, holders: readonly Holder[]): Step {
  const lettingGo = holders.flatMap((holder) => holder.step?.change.address ?? []);
  const waiting =
    step.action === 'delete'
      ? { ...step, dependsOn: [...step.dependsOn, ...lettingGo] }
      : { ...step, retireAfter: [...step.retireAfter, ...lettingGo] };
  const by = namesOf(holders);
  if (by.length === 0) return waiting;
  const blocked: Blocked = { reason: 'in-use', by, known: 'references' };
  const change = step.action === 'delete' ? { ...step.change, blocked } : step.change;
  return { ...waiting, change, kept: step.retire, retire: [] };
}

/** Those that do not let go. */
function namesOf(holders: readonly Holder[]): string[] {
  return holders.flatMap(({ step, kind, live }) => (step === undefined ? [`${kind} ${live.id}`] : []));
}

interface Holder {
  kind: string;
  live: Live;
  /** The step that lets go; absent when none does. */
  step?: Step;
}

function removedIds(step: Step): readonly string[] {
  if (step.change.blocked !== undefined) return [];
  return step.action === 'delete' ? [step.live.id, ...step.retire] : step.retire;
}

/** A live object and its field that holds the id of another object. */
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
  if (step.action === 'delete' || makesNewId(step)) return true;
  return 'fields' in step && step.fields.includes(field);
}

function keptBecause({ action, change: { address } }: Step, holders: readonly Holder[]): Diagnostic[] {
  const names = namesOf(holders).join(', ');
  if (names === '') return [];
  const what = action === 'delete' ? 'it' : 'its old version';
  return [
    warning('in-use', `${address}: ${what} is kept, because ${names} still refers to it`, {
      detail: 'Point that object elsewhere, or bring it under llmform; the next apply removes what is left.',
      address,
    }),
  ];
}
