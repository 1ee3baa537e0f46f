import type { Baselines } from '../../diff/baseline.js';
import type { Address } from '../../model/address.js';
import type { DesiredState } from '../../model/desired-state.js';
import type { JsonObject } from '../../model/json.js';
import { entriesOf, type LedgerEntry } from '../../model/ledger.js';
import type { Manifest } from '../../model/manifest.js';
import type { Observed } from '../../model/observed.js';
import type { Live } from '../../model/vendor.js';
import { groupByNaturalName, ownershipMarkOf } from './identity.js';

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
  byMark: Map<string, Live[]>;
  /** The ownership mark of each object that has one. */
  marks: ReadonlyMap<Live, string>;
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
  const byMark = new Map<string, Live[]>();
  const marks = new Map<Live, string>();
  // Most plans find everything by id and never ask for a name.
  let named: Map<string, Live[]> | undefined;
  for (const live of listed) {
    const mark = ownershipMarkOf(kind, live);
    if (mark === undefined) continue;
    marks.set(live, mark);
    const same = byMark.get(mark);
    if (same === undefined) byMark.set(mark, [live]);
    else same.push(live);
  }
  const entries = new Map(entriesOf(matchInput.ledger.objects, target.name, kind.name));
  return {
    ...matchInput,
    scope,
    manifests: matchInput.manifests.filter((m) => m.target === target.name && m.kind === kind.name),
    byId: new Map(listed.map((live) => [live.id, live])),
    byMark,
    marks,
    entries,
    recorded: new Map([...entries].map(([address, entry]) => [entry.id, address])),
    retired: new Set([...entries.values()].flatMap(({ retired = [] }) => retired)),
    get named() {
      named ??= groupByNaturalName(kind, listed);
      return named;
    },
  };
}

/** The ownership mark of another project on an object; such an object is not ours, even if the ledger lists it. */
export function foreignMark(live: Live, { marks, project }: LiveIndex): string | undefined {
  const mark = marks.get(live);
  return mark === undefined || mark.startsWith(`${project.name}/`) ? undefined : mark;
}
