import type { Address } from '../model/address.js';
import type { Observed } from '../model/observed.js';
import type { Action, Change } from '../model/plan.js';
import type { Live } from '../model/vendor.js';
import { formerName } from './match/mark-owner.js';
import type { PlanInput } from './plan-input.js';

/** The surroundings that the plan of one object depends on. */
export interface PlanContext {
  input: PlanInput;
  scope: Observed;
}

/** The members that every step has. */
export function base({ input, scope }: PlanContext, dependsOn: readonly Address[]) {
  const { kind, target } = scope;
  return {
    project: input.project.name,
    target: target.name,
    kind,
    dependsOn,
    retire: [],
    kept: [],
    retireAfter: [],
  };
}

/** A change without anything in it yet. */
export function emptyStep(
  { scope: { target, kind } }: PlanContext,
  address: Address,
  action: Action,
): Change {
  const name = address.slice(address.lastIndexOf('/') + 1);
  return { address, vendor: target.vendor, kind: kind.name, name, action, fields: [], requests: [] };
}

/** The address that an object had before, where the ledger or its mark still has it. */
export function movedFromOf(address: Address, live: Live, { input, scope }: PlanContext): string | undefined {
  return input.statements?.movedFrom.get(address) ?? formerName(scope.kind, live, input, address);
}
