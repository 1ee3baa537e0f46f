import {
  KNOWN_AFTER_APPLY,
  objectReferences,
  referringFields,
  SENSITIVE,
  substituteField,
} from '../diff/substitute.js';
import type { Address } from '../model/address.js';
import { type Blocked, blockedText } from '../model/blocked.js';
import { type Diagnostic, type DiagnosticCode, warning } from '../model/diagnostic.js';
import type { Json, JsonObject } from '../model/json.js';
import type { Ledger } from '../model/ledger.js';
import type { Manifest } from '../model/manifest.js';
import type { Plan, PlannedRequest, PlanOptions, PlanSummary } from '../model/plan.js';
import type { Guards, Target } from '../model/project.js';
import type { Kind, Live, WriteRequest } from '../model/vendor.js';
import { fingerprintPlan } from './fingerprint.js';
import { type Binding, matchObjects } from './match/match.js';
import type { Observed } from './observed.js';
import { type PlanContext, planBinding, planOrphan } from './plan-object.js';
import { notPersistedWarnings, takenOverWarnings } from './plan-warnings.js';
import { redactChange } from './redact-change.js';
import { protectReferences } from './references.js';
import { makesNewId, type Step, type Unchanged, writesOf } from './step.js';

export type { Observed };

export interface PlanInput {
  project: string;
  targets: readonly Target[];
  /** Of the selected targets. */
  manifests: readonly Manifest[];
  /** Targets that could not be read are missing here: nothing is planned for them. */
  observed: readonly Observed[];
  ledger: Ledger;
  /** Other people's keys that interrupted replacements have yet to hand on. */
  inherited?: ReadonlyMap<Address, JsonObject>;
  /** Digests of desired write-only fields; a field whose secret cannot be resolved is missing. */
  writeOnly: ReadonlyMap<Address, ReadonlyMap<string, string>>;
  digest: (value: Json) => string;
  /** The same, where there is a ledger that other machines have too; see `fingerprintPlan`. */
  seal?: ((value: Json) => string) | undefined;
  options: PlanOptions;
  /** The project's guards: a plan that was reviewed under others is another plan. */
  guards?: Guards;
  /** Reads that were sent to get here. */
  reads: number;
  /** A vendor's text as it may be shown; default: as it is. */
  shown?: ((text: string) => string) | undefined;
}

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
  const bindings = new Map<Address, { binding: Binding; around: PlanContext }>();

  for (const observed of input.observed) {
    const around = planContext(observed, input);
    const { target, kind, live } = observed;
    const own = input.manifests.filter((m) => m.target === target.name && m.kind === kind.name);
    const matched = matchObjects({ ...input, target: target.name, kind, manifests: own, live });
    diagnostics.push(...matched.diagnostics);
    forgotten.push(...matched.forgotten);
    for (const binding of matched.bindings) bindings.set(binding.manifest.address, { binding, around });
    for (const orphan of matched.orphans) steps.set(orphan.address, planOrphan(orphan, around));
  }

  // An object comes after those that it refers to: their ids are part of what it should be.
  const planAt = (address: Address): void => {
    const found = bindings.get(address);
    if (found === undefined || steps.has(address) || unchanged.has(address)) return;
    const { binding, around } = found;
    const { manifest } = binding;
    const needs = objectReferences(manifest.spec, around.kind.rules).map(
      (ref) => `${manifest.target}/${ref}`,
    );
    for (const need of needs) planAt(need);
    const idOf = (ref: string) => idAfter(`${manifest.target}/${ref}`, steps, unchanged);
    const spec = withIds(manifest.spec, around.kind, idOf);
    const waitsFor = needs.filter((need) => isWaitedFor(steps.get(need)));
    const planned = planBinding(binding, spec, { ...around, baseline: baselineOf(binding, input) }, waitsFor);
    if ('change' in planned) {
      steps.set(address, planned);
      diagnostics.push(...takenOverWarnings(planned, binding));
    } else {
      unchanged.set(address, planned);
      diagnostics.push(...notPersistedWarnings(planned));
    }
  };
  for (const address of bindings.keys()) planAt(address);

  const kept = protectReferences([...steps.values()], input.observed);
  diagnostics.push(...kept.diagnostics);
  for (const step of kept.steps) {
    const { address } = step.change;
    steps.set(address, step);
    // An old version that somebody still refers to cannot be removed yet: there is nothing to do until then.
    const settled = asUnchanged(step);
    if (settled === undefined) continue;
    steps.delete(address);
    unchanged.set(address, settled);
  }
  const ordered = [...steps.values()]
    .sort((a, b) => (a.change.address < b.change.address ? -1 : 1))
    .map((step) => withRequests(step, (ref) => idAfter(`${step.target}/${ref}`, steps, unchanged)));
  diagnostics.push(...ordered.flatMap(blockedWarnings), ...unusedPrune(input));
  const plan = asPlan(ordered, unchanged.size, diagnostics, input);
  return { plan, steps: ordered, unchanged: [...unchanged.values()], forgotten };
}

function planContext(observed: Observed, input: PlanInput): PlanContext {
  return {
    project: input.project,
    target: observed.target.name,
    vendor: observed.target.vendor,
    kind: observed.kind,
    baseline: { digest: input.digest, writeOnly: new Map(), trustSecrets: input.options.trustSecrets },
    adopt: input.options.adopt,
    isLive: liveIds(observed.live),
    // No manifests at all is a mistake far more often than a wish to delete everything.
    prune: input.options.prune && input.manifests.length > 0,
  };
}

function liveIds(live: readonly Live[]): (id: string) => boolean {
  const ids = new Set(live.map((object) => object.id));
  return (id) => ids.has(id);
}

function baselineOf(binding: Binding, input: PlanInput): PlanContext['baseline'] {
  return {
    entry: binding.entry,
    digest: input.digest,
    writeOnly: input.writeOnly.get(binding.manifest.address) ?? new Map(),
    trustSecrets: input.options.trustSecrets,
  };
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
  const { manifest, live, entry, kind, kept, notPersisted } = step;
  return { manifest, kind, live, ...(entry && { entry }), notPersisted, retired: kept };
}

/** Changes that apply will skip are said up front; what a reference holds up is said already. */
function blockedWarnings({ change: { address, action, blocked }, manifest }: Step): Diagnostic[] {
  if (blocked === undefined || (blocked.reason === 'in-use' && blocked.known === 'references')) return [];
  const summary = `${address} is left alone (${action}): ${blockedText(blocked)}`;
  return [warning(CODES[blocked.reason], summary, { ...manifest?.source, address })];
}

/** What the warning about a reason is called. What watch holds back is no part of a plan yet. */
const CODES: Readonly<Record<Blocked['reason'], DiagnosticCode>> = {
  'not-adopted': 'adopt',
  foreign: 'adopt',
  immutable: 'adopt',
  protected: 'protected',
  'in-use': 'in-use',
  mode: 'guard',
  window: 'guard',
  guard: 'guard',
  fight: 'guard',
};

function unusedPrune({ options, manifests }: PlanInput): Diagnostic[] {
  if (!options.prune || manifests.length > 0) return [];
  const summary = '--prune deletes nothing, because there is no manifest at all';
  const detail = 'An empty set of manifests is a mistake far more often than a wish to delete everything.';
  return [warning('guard', summary, { detail })];
}

/** A step whose change shows what it will send. */
function withRequests(step: Step, idOf: (ref: string) => string): Step {
  const { main, retire } = writesOf(step, { id: idOf, secret: () => SENSITIVE });
  return { ...step, change: { ...step.change, requests: [...main, ...retire].map(plannedRequest) } };
}

function plannedRequest({ method, path, body }: WriteRequest): PlannedRequest {
  return body === undefined ? { method, path } : { method, path, body };
}

function asPlan(steps: readonly Step[], noop: number, diagnostics: Diagnostic[], input: PlanInput): Plan {
  const changes = steps.map((step) => redactChange(step.change));
  const summary: PlanSummary = { create: 0, update: 0, replace: 0, adopt: 0, delete: 0, orphan: 0, noop };
  for (const change of changes) summary[change.action] += 1;
  return {
    formatVersion: '1',
    project: input.project,
    fingerprint: fingerprintPlan(input.project, input.targets, steps, input.guards, input.seal),
    options: input.options,
    summary,
    requests: { read: input.reads, write: changes.reduce((sum, change) => sum + change.requests.length, 0) },
    changes,
    diagnostics,
  };
}
