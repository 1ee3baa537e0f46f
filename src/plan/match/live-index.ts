import { hasSentValues } from '../../diff/diff-object.js';
import type { Address } from '../../model/address.js';
import type { Json, JsonObject } from '../../model/json.js';
import { entriesOf, type Intent, type Ledger, type LedgerEntry } from '../../model/ledger.js';
import type { Manifest } from '../../model/manifest.js';
import type { Kind, Live } from '../../model/vendor.js';
import { ownershipMarkOf } from '../requests.js';
import { groupByNaturalName } from './identity.js';

/** What one kind on one target looks like, from all four sides. */
export interface MatchInput {
  project: string;
  target: string;
  kind: Kind;
  manifests: readonly Manifest[];
  /** The complete listing, and what was confirmed by reading single objects. */
  live: readonly Live[];
  ledger: Ledger;
  /** Other people's keys that interrupted replacements have yet to hand on. */
  inherited?: ReadonlyMap<Address, JsonObject>;
  /** Salted digest of a value that is not secret. */
  digest: (value: Json) => string;
  /** A vendor's text as it may be shown; default: as it is. */
  shown?: ((text: string) => string) | undefined;
}

/** A scene in which objects are found by whatever tells them apart. */
export interface LiveIndex extends MatchInput {
  byId: Map<string, Live>;
  byMark: Map<string, Live[]>;
  /** The ledger's entries of this kind on this target. */
  entries: Map<Address, LedgerEntry>;
  /** Live id -> the address that the ledger knows it by. */
  recorded: Map<string, Address>;
  /** Ids of earlier versions of our objects that are still to be removed. */
  retired: ReadonlySet<string>;
  readonly named: Map<string, Live[]>;
}

export function buildLiveIndex(matchInput: MatchInput): LiveIndex {
  // The order of a listing means nothing, so nothing may come of it.
  const listed = [...matchInput.live].sort((a, b) => (a.id < b.id ? -1 : 1));
  const byMark = new Map<string, Live[]>();
  // Most plans find everything by id and never ask for a name.
  let named: Map<string, Live[]> | undefined;
  for (const live of listed) {
    const mark = ownershipMarkOf(matchInput.kind, live);
    if (mark !== undefined) byMark.set(mark, [...(byMark.get(mark) ?? []), live]);
  }
  const entries = new Map(entriesOf(matchInput.ledger.objects, matchInput.target, matchInput.kind.name));
  return {
    ...matchInput,
    byId: new Map(listed.map((live) => [live.id, live])),
    byMark,
    entries,
    recorded: new Map([...entries].map(([address, entry]) => [entry.id, address])),
    retired: new Set([...entries.values()].flatMap(({ retired = [] }) => retired)),
    get named() {
      named ??= groupByNaturalName(matchInput.kind, listed);
      return named;
    },
  };
}

/** Whether an object may be what a create made: it was not there before, and holds everything that was sent. */
export function matchesIntent(
  intent: Intent,
  live: Live,
  { kind, digest, recorded, retired }: LiveIndex,
): boolean {
  if (intent.known.includes(live.id) || recorded.has(live.id) || retired.has(live.id)) return false;
  return intent.sent === undefined || hasSentValues(live.spec, intent.sent, kind.rules, digest);
}

/** The ownership mark of another project on an object; objects that bear one are not ours, whatever the ledger says. */
export function foreignMark(kind: Kind, live: Live, project: string): string | undefined {
  const mark = ownershipMarkOf(kind, live);
  return mark === undefined || mark.startsWith(`${project}/`) ? undefined : mark;
}
