import { type Address, parseAddress } from '../model/address.js';
import type { DesiredState } from '../model/desired-state.js';
import type { Diagnostic } from '../model/diagnostic.js';
import { isObject } from '../model/json.js';
import type { Ledger, LedgerEntry } from '../model/ledger.js';
import type { Observed } from '../model/observed.js';
import type { Kind, Live } from '../model/vendor.js';
import { ownershipMarkFor, ownershipMarkOf } from '../plan/match/identity.js';
import { observe } from '../prepare/observe.js';
import { closeAll } from '../prepare/prepare.js';
import type { Effects } from './open-effects.js';

/** The vendor's word on an entry of the ledger. */
export type EntryVerdict =
  | 'ok'
  | 'missing' // the vendor has no object with this id
  | 'foreign' // the object has the mark of another address or project
  | 'unmarked' // it has none, and has room for one
  | 'twice' // two addresses have this id
  | 'unread'; // its target could not be read, or is none of the project

/** An entry, and what came of checking it. */
export interface VerifiedEntry {
  address: Address;
  vendor: string;
  id: string;
  verdict: EntryVerdict;
  /** Why it is not right, in words that can follow `: `. */
  reason?: string;
}

export interface LedgerCheck {
  entries: VerifiedEntry[];
  /** Targets that could not be read. */
  diagnostics: Diagnostic[];
}

/** Reads live state and checks each entry of the selected targets: the id exists, and the mark fits. Writes nothing. */
export async function verifyLedger(
  desiredState: DesiredState,
  effects: Omit<Effects, 'client'>,
): Promise<LedgerCheck> {
  const { ledger, targets, project } = desiredState;
  const observation = await observe({ ...desiredState, manifests: [] }, effects, effects.reader);
  await closeAll(observation);
  const selected = new Set(targets.map(({ name }) => name));
  const all = targets.length === project.targets.length;
  const addresses = Object.keys(ledger.objects)
    .filter((address) => all || selected.has(parseAddress(address).target))
    .sort();
  const live = { scopes: indexScopes(observation.observed), counts: countIds(ledger) };
  const entries = addresses.flatMap((address) => {
    const entry = ledger.objects[address];
    return entry === undefined ? [] : [verifyEntry(address, entry, live, project.name, effects)];
  });
  return { entries, diagnostics: [...observation.refused, ...observation.unreadable] };
}

/** The number of addresses that have an id, within one target and kind. */
function countIds({ objects }: Ledger): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [address, entry] of Object.entries(objects)) {
    const key = idKey(address, entry);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function idKey(address: Address, { id }: LedgerEntry): string {
  const { target, kind } = parseAddress(address);
  return JSON.stringify([target, kind, id]);
}

function verifyEntry(
  address: Address,
  entry: LedgerEntry,
  { scopes, counts }: LiveState,
  project: string,
  { secrets }: Pick<Effects, 'secrets'>,
): VerifiedEntry {
  const said = (verdict: EntryVerdict, reason?: string): VerifiedEntry => ({
    address,
    vendor: entry.vendor,
    id: entry.id,
    verdict,
    ...(reason !== undefined && { reason }),
  });
  const { target, kind } = parseAddress(address);
  const scope = scopes.get(JSON.stringify([target, kind]));
  if (scope === undefined) return said('unread', 'its target could not be read, or is none of the project');
  if ((counts.get(idKey(address, entry)) ?? 0) > 1) return said('twice', 'another address has the same id');
  const live = scope.byId.get(entry.id);
  if (live === undefined) return said('missing', 'the vendor has no object with this id');
  const mark = ownershipMarkOf(scope.kind, live);
  if (mark === ownershipMarkFor(project, address) || scope.kind.rules.mark === undefined) return said('ok');
  if (mark !== undefined) return said('foreign', `the object is marked as ${secrets.mask(mark)}`);
  return hasRoom(scope.kind, live)
    ? said('unmarked', 'the object has no mark, and has room for one')
    : said('ok');
}

/** The live objects of a kind on a target, by id. */
interface LiveState {
  scopes: ReadonlyMap<string, { kind: Kind; byId: ReadonlyMap<string, Live> }>;
  counts: ReadonlyMap<string, number>;
}

function indexScopes(observed: readonly Observed[]): LiveState['scopes'] {
  return new Map(
    observed.map(({ target, kind, live }) => [
      JSON.stringify([target.name, kind.name]),
      { kind, byId: new Map(live.map((one) => [one.id, one])) },
    ]),
  );
}

/** A map that is full has no room for the mark. */
function hasRoom({ rules }: Kind, { spec }: Live): boolean {
  const field = rules.mark?.field ?? '';
  const map = spec[field];
  const max = rules.fields[field]?.map?.max ?? Number.POSITIVE_INFINITY;
  return !isObject(map) || Object.keys(map).length < max;
}
