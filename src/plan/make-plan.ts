import type { Address } from '../model/address.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { JsonObject } from '../model/json.js';
import {
  emptySummary,
  type Plan,
  type PlannedRequest,
  type PlanSummary,
  type UnmanagedCount,
} from '../model/plan.js';
import type { Kind, WriteRequest } from '../model/vendor.js';
import { fingerprintPlan } from './fingerprint.js';
import { findForgotten } from './forgotten.js';
import { hiddenDifferenceWarnings } from './hidden-differences.js';
import { type Binding, matchObjects } from './match/match.js';
import type { PlanContext } from './plan-context.js';
import type { PlanInput } from './plan-input.js';
import { planOrphan } from './plan-left-over.js';
import { planBinding } from './plan-object.js';
import { redactChange, redactStep } from './redact.js';
import { protectReferences } from './references.js';
import { releasedFields } from './released.js';
import { projectHints, renameHints } from './rename-hints.js';
import { makesNewId, type Step, type Unchanged } from './step.js';
import {
  KNOWN_AFTER_APPLY,
  objectReferences,
  referringFields,
  SENSITIVE,
  substituteField,
} from './substitute.js';
import { unkeptSecrets } from './unkept-secrets.js';
import { countUnmanaged } from './unmanaged.js';
import {
  blockedWarnings,
  handMadeWarnings,
  lostMarkWarnings,
  notPersistedWarnings,
  takenOverWarnings,
  unmarkedWarnings,
  unusedPrune,
} from './warnings.js';
import { writesOf } from './writes.js';

/** The plan, and beside it what apply needs to carry it out. */
export interface Planned {
  plan: Plan;
  steps: Step[];
  unchanged: Unchanged[];
  /** Addresses to drop from the ledger: nothing is left of them. */
  forgotten: Address[];
}

/** Desired state, live state and ledger in, a plan out. Pure. */
export function makePlan(input: PlanInput): Planned {
  const diagnostics: Diagnostic[] = [];
  const forgotten: Address[] = [];
  const steps = new Map<Address, Step>();
  const unchanged = new Map<Address, Unchanged>();
  const bindings = new Map<Address, { binding: Binding; context: PlanContext }>();
  const unmanaged: UnmanagedCount[] = [];

  for (const scope of input.observed) {
    const context = { input, scope };
    const matched = matchObjects(scope, input);
    diagnostics.push(...matched.diagnostics);
    forgotten.push(...matched.forgotten);
    unmanaged.push(...countUnmanaged(scope, matched, input.ledger));
    for (const binding of matched.bindings) bindings.set(binding.manifest.address, { binding, context });
    for (const orphan of matched.orphans) steps.set(orphan.address, planOrphan(orphan, context));
  }
  const bound = new Set([...bindings.values()].flatMap(({ binding: { live } }) => live ?? []));
  for (const step of findForgotten(input, bound)) steps.set(step.change.address, step);

  // An object comes after those that it refers to: their ids are part of what it should be.
  const seen = new Set<Address>();
  const planAt = (address: Address): void => {
    const found = bindings.get(address);
    if (found === undefined || seen.has(address)) return;
    seen.add(address);
    const { binding, context } = found;
    const { manifest } = binding;
    const { kind } = context.scope;
    const needs = objectReferences(manifest.spec, kind.rules).map((ref) => `${manifest.target}/${ref}`);
    for (const need of needs) planAt(need);
    const idOf = (ref: string) => idAfter(`${manifest.target}/${ref}`, steps, unchanged);
    const spec = withIds(manifest.spec, kind, idOf);
    const waitsFor = needs.filter((need) => isWaitedFor(steps.get(need)));
    const planned = planBinding(binding, spec, context, waitsFor);
    const unkept = 'change' in planned ? unkeptSecrets(planned, manifest) : [];
    if (unkept.length > 0) diagnostics.push(...unkept);
    else if ('change' in planned) {
      steps.set(address, planned);
      diagnostics.push(...takenOverWarnings(planned, binding), ...handMadeWarnings(planned));
    } else {
      unchanged.set(address, planned);
      diagnostics.push(...notPersistedWarnings(planned), ...lostMarkWarnings(planned, binding));
    }
    diagnostics.push(...hiddenDifferenceWarnings(planned, spec, input.mask));
  };
  for (const address of bindings.keys()) planAt(address);

  const kept = protectReferences([...steps.values()], input.observed);
  diagnostics.push(...kept.diagnostics);
  for (const step of kept.steps) {
    const { address } = step.change;
    steps.set(address, step);
    // An old version cannot be removed while another object refers to it: there is nothing to do until then.
    const settled = asUnchanged(step);
    if (settled === undefined) continue;
    steps.delete(address);
    unchanged.set(address, settled);
  }
  const ordered = [...steps.values()]
    .sort((a, b) => (a.change.address < b.change.address ? -1 : 1))
    .map((step) => withRequests(step, (ref) => idAfter(`${step.target}/${ref}`, steps, unchanged)));
  diagnostics.push(
    ...ordered.flatMap(blockedWarnings),
    ...ordered.flatMap(unmarkedWarnings),
    ...renameHints(ordered),
    ...projectHints(ordered, input),
    ...unusedPrune(input),
  );
  const released = [...bindings].sort(byAddress).flatMap(([address, { binding, context }]) => {
    const step = steps.get(address);
    // A new object has what is declared and nothing else.
    return step !== undefined && makesNewId(step) ? [] : releasedFields(binding, context.scope.kind, input);
  });
  const plan = {
    ...asPlan(ordered, unchanged.size, diagnostics, input),
    ...(released.length > 0 && { released }),
    ...(unmanaged.length > 0 && { unmanaged }),
  };
  return { plan, steps: ordered, unchanged: [...unchanged.values()], forgotten };
}

function byAddress([a]: readonly [Address, unknown], [b]: readonly [Address, unknown]): number {
  return a < b ? -1 : 1;
}

/** A spec whose references to other objects are ids, as far as they are known. */
function withIds(spec: JsonObject, kind: Kind, idOf: (ref: string) => string): JsonObject {
  let result = spec;
  for (const name of referringFields(kind.rules)) {
    const value = spec[name];
    if (value === undefined) continue;
    const replaced = substituteField(name, value, kind.rules, { id: idOf, secret: () => SENSITIVE });
    result = { ...result, [name]: replaced };
  }
  return result;
}

function idAfter(
  address: Address,
  steps: ReadonlyMap<Address, Step>,
  unchanged: ReadonlyMap<Address, Unchanged>,
): string {
  const step = steps.get(address);
  if (step !== undefined) return makesNewId(step) ? KNOWN_AFTER_APPLY : (step.live?.id ?? KNOWN_AFTER_APPLY);
  return unchanged.get(address)?.live.id ?? KNOWN_AFTER_APPLY;
}

function isWaitedFor(step: Step | undefined): boolean {
  return step !== undefined && makesNewId(step);
}

function asUnchanged(step: Step): Unchanged | undefined {
  if (step.action !== 'update' || step.change.fields.length > 0 || step.retire.length > 0) return undefined;
  if (step.change.movedFrom !== undefined) return undefined;
  const { manifest, live, entry, kind, kept, notPersisted } = step;
  return { manifest, kind, live, ...(entry && { entry }), notPersisted, retired: kept };
}

/** A step whose change shows what it will send. */
function withRequests(step: Step, idOf: (ref: string) => string): Step {
  const { main, retire } = writesOf(redactStep(step), { id: idOf, secret: () => SENSITIVE });
  const all = [...main, ...retire];
  const deletes = all.flatMap(({ op, id }) => (op === 'remove' && id !== undefined ? [id] : []));
  const change = {
    ...step.change,
    requests: all.map(plannedRequest),
    ...(deletes.length > 0 && { deletes }),
  };
  return { ...step, change };
}

function plannedRequest({ method, path, body }: WriteRequest): PlannedRequest {
  return body === undefined ? { method, path } : { method, path, body };
}

function asPlan(steps: readonly Step[], noop: number, diagnostics: Diagnostic[], input: PlanInput): Plan {
  const changes = steps.map(redactChange);
  const summary: PlanSummary = { ...emptySummary(), noop };
  for (const change of changes) summary[change.action] += 1;
  return {
    formatVersion: '1',
    project: input.project.name,
    fingerprint: fingerprintPlan(steps, input, input.seal),
    options: input.options,
    summary,
    requests: { read: input.reads, write: changes.reduce((sum, change) => sum + change.requests.length, 0) },
    changes,
    diagnostics,
  };
}
