import type { Baselines } from '../../diff/baseline.js';
import { hasSentValues } from '../../diff/stored-values.js';
import type { Address } from '../../model/address.js';
import type { DesiredState } from '../../model/desired-state.js';
import type { JsonObject } from '../../model/json.js';
import { entriesOf, type Intent, type LedgerEntry } from '../../model/ledger.js';
import type { Manifest } from '../../model/manifest.js';
import type { Observed } from '../../model/observed.js';
import type { Live } from '../../model/vendor.js';
import { groupByNaturalName, hasRoomForMark, ownershipMarkOf } from './identity.js';
import { addressByMark, ownerOf } from './mark-owner.js';

/** The data that live objects are matched with. */
export interface MatchInput extends DesiredState {
  baselines: Baselines;
  /** Other people's keys that interrupted replacements have yet to hand on. */
  inherited?: ReadonlyMap<Address, JsonObject>;
  /** A vendor's text as it may be shown; default: as it is. */
  mask?: (text: string) => string;
}

/** The live objects of one kind on one target, indexed by everything that identifies them. */
export interface LiveIndex extends MatchInput {
  scope: Observed;
  /** Those of the scope. */
  manifests: readonly Manifest[];
  byId: Map<string, Live>;
  /** Objects with our mark, by the address that it means. */
  byMark: Map<Address, Live[]>;
  /** The ownership mark of each object that has one, as it is written there. */
  marks: ReadonlyMap<Live, string>;
  /** The address that an object's mark means; a mark of another project as it is. */
  markOf(live: Live): string | undefined;
  /** The ledger's entries of this kind on this target. */
  entries: Map<Address, LedgerEntry>;
  /** Live id -> the address that the ledger knows it by. */
  recorded: Map<string, Address>;
  /** Ids of earlier versions of our objects that are still to be removed. */
  retired: ReadonlySet<string>;
  readonly named: Map<string, Live[]>;
}

export function buildLiveIndex(scope: Observed, matchInput: MatchInput): LiveIndex {
  const { target, kind } = scope;
  // The order of a listing means nothing, so nothing may come of it.
  const listed = [...scope.live].sort((a, b) => (a.id < b.id ? -1 : 1));
  const byMark = new Map<Address, Live[]>();
  const marks = new Map<Live, string>();
  // Most plans find everything by id and never ask for a name.
  let named: Map<string, Live[]> | undefined;
  const entries = new Map(entriesOf(matchInput.ledger.objects, target.name, kind.name));
  const recorded = new Map([...entries].map(([address, entry]) => [entry.id, address]));
  const manifests = matchInput.manifests.filter((m) => m.target === target.name && m.kind === kind.name);
  const declared = new Set(manifests.map(({ address }) => address));
  const addressOf = (live: Live) => addressByMark(kind, live, matchInput, { declared, recorded });
  for (const live of listed) {
    const mark = ownershipMarkOf(kind, live);
    if (mark === undefined) continue;
    marks.set(live, mark);
    const address = addressOf(live);
    if (address === undefined) continue;
    const same = byMark.get(address);
    if (same === undefined) byMark.set(address, [live]);
    else same.push(live);
  }
  return {
    ...matchInput,
    scope,
    manifests,
    byId: new Map(listed.map((live) => [live.id, live])),
    byMark,
    marks,
    markOf: (live) => addressOf(live) ?? marks.get(live),
    entries,
    recorded,
    retired: new Set([...entries.values()].flatMap(({ retired = [] }) => retired)),
    get named() {
      named ??= groupByNaturalName(kind, listed);
      return named;
    },
  };
}

/** Tells if a create may have made an object: it did not exist before, and has every value that was sent. */
export function matchesIntent(
  intent: Intent,
  live: Live,
  { scope: { kind }, baselines, recorded, retired, marks }: LiveIndex,
): boolean {
  if (intent.known.includes(live.id) || recorded.has(live.id) || retired.has(live.id)) return false;
  // Values tell only where the mark had no room: what has one, or room for one, was not made by this create.
  if (intent.sent !== undefined && kind.rules.mark !== undefined) {
    const map = live.spec[kind.rules.mark.field];
    if (marks.has(live) || hasRoomForMark(kind.rules, map)) return false;
  }
  return intent.sent === undefined || hasSentValues(live.spec, intent.sent, kind.rules, baselines.codec);
}

/** The ownership mark of another project on an object; such an object is not ours, even if the ledger lists it. */
export function foreignMark(live: Live, index: LiveIndex): string | undefined {
  const mark = index.marks.get(live);
  return mark === undefined || ownerOf(mark, index) !== undefined ? undefined : mark;
}
