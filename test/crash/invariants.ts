import { isObject, type Json, type JsonObject } from '../../src/model/json.js';
import type { Cast } from '../support/cast.js';
import type { CrashProject, Ended } from './project.js';
import { emulatorOf, type Scenario } from './scenarios.js';

/** Other people's objects, as they were before anything was killed. */
export type Bystanders = ReadonlyMap<string, string>;

/** The apply that nobody kills. */
export const CLEAN = ['apply', '-y', '--prune', '--max-delete', '99'] as const;

/** Remembers what belongs to others: whatever no manifest is going to stand for. */
export function bystandersOf(scenario: Scenario, project: CrashProject): Bystanders {
  const found = new Map<string, string>();
  const ours = new Set(Object.values(project.ledger()?.objects ?? {}).map(({ id }) => id));
  for (const [key, { cast, object }] of everything(scenario, project)) {
    // A secret made by hand stays beside the new version that is made for ours.
    const isSecret = key.startsWith('liveavatar/Secret ');
    const adopted = scenario.flags.includes('--adopt') && !isSecret && wanted(scenario, cast, object);
    if (!ours.has(idOf(object)) && !adopted) found.set(key, JSON.stringify(object));
  }
  return found;
}

/** Everything that must hold once an apply has run to its end after crashes. An empty list: all of it does. */
export async function broken(
  scenario: Scenario,
  project: CrashProject,
  bystanders: Bystanders,
  clean: Ended,
): Promise<string[]> {
  const faults: string[] = [];
  const demand = (holds: boolean, fault: string) => void (holds || faults.push(fault));
  const drops =
    clean.code === 3 && scenario.options !== undefined && clean.out.includes('not kept by the vendor');
  demand(clean.code === 0 || drops, `the clean apply ended with ${clean.code}: ${clean.out}${clean.err}`);

  const ledger = project.ledger() ?? { objects: {}, intents: {} };
  const addresses = scenario.after.map(addressOf);
  demand(
    sameSet(Object.keys(ledger.objects), addresses),
    'the ledger knows other addresses than the manifests',
  );
  demand(Object.keys(ledger.intents).length === 0, 'the ledger still holds an intent');
  const retired = Object.values(ledger.objects).flatMap((entry) => entry.retired ?? []);
  demand(retired.length === 0, `earlier versions are still to be removed: ${retired.join(', ')}`);

  const now = everything(scenario, project);
  const recorded = new Set(
    Object.entries(ledger.objects).map(([address, { id }]) => `${place(address)} ${id}`),
  );
  demand(recorded.size === addresses.length, 'two addresses share an object');
  for (const key of recorded) demand(now.has(key), `${key} is in the ledger and not there`);
  for (const [key, { object }] of now) {
    if (recorded.has(key)) continue;
    const before = bystanders.get(key);
    if (before === undefined) faults.push(`${key} is nobody's: ${JSON.stringify(object)}`);
    else demand(before === JSON.stringify(object), `${key} belongs to somebody else and was changed`);
  }
  for (const key of bystanders.keys()) demand(now.has(key), `${key} belonged to somebody else and is gone`);
  for (const cast of scenario.casts) faults.push(...lostValues(cast, scenario, project, recorded));

  const left = project.besideLedger().filter((name) => name.includes('.lock'));
  demand(left.length === 0, `left beside the ledger: ${left.join(', ')}`);
  demand(project.leaks().length === 0, `a secret is in ${project.leaks().join(', ')}`);
  const second = await project.runHere(['plan', '--detailed-exitcode', '--prune']);
  demand(second.code === 0, `the second plan is not empty: ${second.out}${second.err}`);
  return faults;
}

/** Values that a second plan cannot see: secrets, and other people's keys in a map of ours. */
function lostValues(
  cast: Cast,
  scenario: Scenario,
  project: CrashProject,
  recorded: ReadonlySet<string>,
): string[] {
  const emulator = emulatorOf(cast, project);
  const faults: string[] = [];
  for (const [key, { kind, object, theirs }] of everything(scenario, project)) {
    if (!recorded.has(key) || !key.startsWith(`${cast.vendor}/`)) continue;
    if (kind === cast.secret.kind) {
      const value = cast.secret.read(emulator.secrets(kind, idOf(object)));
      if (value !== project.env.SECRET) faults.push(`${key} holds another secret than it should`);
    }
    if (theirs && cast.map !== undefined && member(object[cast.map], 'theirs') !== 'kept') {
      faults.push(`${key} lost somebody's key`);
    }
  }
  return faults;
}

interface Thing {
  cast: Cast;
  kind: string;
  object: JsonObject;
  /** Somebody else put a key of theirs on it. */
  theirs: boolean;
}

/** Every object of every vendor, by vendor, kind and id. */
function everything(scenario: Scenario, project: CrashProject): Map<string, Thing> {
  const things = new Map<string, Thing>();
  for (const cast of scenario.casts) {
    for (const kind of new Set([cast.kind, cast.secret.kind])) {
      for (const object of emulatorOf(cast, project).objects(kind)) {
        const theirs = scenario.before.length > 0 && nameOf(object) === 'LLM 0';
        things.set(`${cast.vendor}/${kind} ${idOf(object)}`, { cast, kind, object, theirs });
      }
    }
  }
  return things;
}

/** Whether a manifest that is new bears the name of this object. */
function wanted(scenario: Scenario, cast: Cast, object: JsonObject): boolean {
  const known = new Set(scenario.before.map(addressOf));
  return scenario.after.some(
    (document) =>
      document.vendor === cast.vendor &&
      !known.has(addressOf(document)) &&
      isObject(document.spec) &&
      nameOf(document.spec) === nameOf(object),
  );
}

function nameOf(fields: JsonObject): Json | undefined {
  return fields.displayName ?? fields.display_name ?? fields.name ?? fields.secret_name;
}

function idOf(object: JsonObject): string {
  return String(object.llmId ?? object.id);
}

function addressOf({ vendor, kind, metadata }: JsonObject): string {
  return `${String(vendor)}/${String(kind)}/${String(member(metadata, 'name'))}`;
}

/** The part of an address that is not a name; targets are called as their vendors. */
function place(address: string): string {
  return address.slice(0, address.lastIndexOf('/'));
}

function member(value: Json | undefined, name: string): Json | undefined {
  return isObject(value) ? value[name] : undefined;
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return JSON.stringify([...a].sort()) === JSON.stringify([...b].sort());
}
