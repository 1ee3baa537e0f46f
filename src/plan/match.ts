import { markOf } from '../diff/requests.js';
import { type Address, parseAddress } from '../model/address.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Ledger, LedgerEntry } from '../model/ledger.js';
import type { Manifest } from '../model/manifest.js';
import type { Kind, Live } from '../model/vendor.js';
import { byNaturalName, clientIdFor, markFor, naturalName } from './identity.js';

/** How a manifest found its live object. */
export type How = 'id' | 'ledger' | 'mark' | 'client-id' | 'intent' | 'name';

/** A manifest and the live object that it stands for, if there is one. */
export interface Binding {
  manifest: Manifest;
  live?: Live;
  how?: How;
  entry?: LedgerEntry;
  /** The ledger knows this object by this very address. */
  recorded?: true;
  /** Other live objects that are this address's too: what an interrupted apply left behind. */
  strays: string[];
}

/** A live object of ours that no manifest stands for any more. */
export interface Orphan {
  address: Address;
  live: Live;
  entry?: LedgerEntry;
}

export interface Matched {
  bindings: Binding[];
  orphans: Orphan[];
  /** Addresses in the ledger with neither a manifest nor a live object, or bound under another name now. */
  forgotten: Address[];
  diagnostics: Diagnostic[];
}

/** What one kind on one target looks like, from all four sides. */
export interface Scene {
  project: string;
  target: string;
  kind: Kind;
  manifests: readonly Manifest[];
  /** The complete listing, and what was confirmed by reading single objects. */
  live: readonly Live[];
  ledger: Ledger;
}

/**
 * Finds the live object of each manifest: `metadata.id`, else the ledger, else an ownership mark, else the id we
 * would have made, else a recorded intent, else the natural name. A name alone never binds: that is for `--adopt`.
 */
export function match(scene: Scene): Matched {
  const index = indexScene(scene);
  const diagnostics: Diagnostic[] = [];
  const bindings: Binding[] = [];
  const taken = new Map<string, Address>();
  const waiting: Manifest[] = [];
  for (const manifest of scene.manifests) {
    const found = bySureIdentity(manifest, index, diagnostics);
    if (found === 'wrong') continue;
    if (found === undefined) waiting.push(manifest);
    else if (claim(found.live, manifest, taken, diagnostics))
      bindings.push(withEntry(manifest, found, index));
  }
  for (const manifest of waiting) {
    const found = byName(manifest, index, taken, diagnostics);
    if (found === 'wrong') continue;
    if (found !== undefined) taken.set(found.live.id, manifest.address);
    bindings.push(withEntry(manifest, found, index));
  }
  return { bindings, ...leftOvers(scene, index, taken), diagnostics };
}

interface Index extends Scene {
  byId: Map<string, Live>;
  byMark: Map<string, Live[]>;
  /** The ledger's entries of this kind on this target. */
  entries: Map<Address, LedgerEntry>;
  /** Live id -> the address that the ledger knows it by. */
  recorded: Map<string, Address>;
  named: Map<string, Live[]>;
}

interface Found {
  live: Live;
  how: How;
}

function indexScene(scene: Scene): Index {
  const byMark = new Map<string, Live[]>();
  const prefix = `${scene.target}/${scene.kind.name}/`;
  for (const live of scene.live) {
    const mark = markOf(scene.kind, live);
    if (mark !== undefined) byMark.set(mark, [...(byMark.get(mark) ?? []), live]);
  }
  const entries = new Map(
    Object.entries(scene.ledger.objects).filter(([address]) => address.startsWith(prefix)),
  );
  return {
    ...scene,
    byId: new Map(scene.live.map((live) => [live.id, live])),
    byMark,
    entries,
    recorded: new Map([...entries].map(([address, entry]) => [entry.id, address])),
    named: byNaturalName(scene.kind, scene.live),
  };
}

function bySureIdentity(
  manifest: Manifest,
  index: Index,
  diagnostics: Diagnostic[],
): Found | 'wrong' | undefined {
  const { address } = manifest;
  if (manifest.id !== undefined) {
    const live = index.byId.get(manifest.id);
    if (live !== undefined) return { live, how: 'id' };
    diagnostics.push(
      problem(manifest, `metadata.id ${manifest.id} does not exist on target ${manifest.target}`, {
        detail:
          'Correct the id, or remove metadata.id to let llmform create the object. What a vendor has built in cannot be bound.',
        path: '/metadata/id',
      }),
    );
    return 'wrong';
  }
  const entry = index.entries.get(address);
  const recorded = entry === undefined ? undefined : index.byId.get(entry.id);
  if (recorded !== undefined) return { live: recorded, how: 'ledger' };
  const marked = index.byMark.get(markFor(index.project, address)) ?? [];
  if (marked.length > 1)
    return several(manifest, marked, 'bear the ownership mark of this address', diagnostics);
  if (marked[0] !== undefined) return { live: marked[0], how: 'mark' };
  if (index.kind.rules.clientId !== undefined) {
    const live = index.byId.get(clientIdFor(index.project, address));
    if (live !== undefined) return { live, how: 'client-id' };
  }
  return undefined;
}

function byName(
  manifest: Manifest,
  index: Index,
  taken: ReadonlyMap<string, Address>,
  diagnostics: Diagnostic[],
): Found | 'wrong' | undefined {
  const made = interrupted(manifest, index).filter((live) => !taken.has(live.id));
  if (made.length > 1) {
    return several(manifest, made, 'may be what an interrupted apply created', diagnostics);
  }
  if (made[0] !== undefined) {
    const summary = `${manifest.address} was created by an interrupted apply and is taken back`;
    diagnostics.push({
      ...problem(manifest, summary, { detail: `Its id is ${made[0].id}.` }),
      severity: 'warning',
    });
    return { live: made[0], how: 'intent' };
  }
  const free = namesakes(manifest, index).filter(
    (live) => !taken.has(live.id) && markOf(index.kind, live) === undefined && !index.recorded.has(live.id),
  );
  if (free.length > 1) return several(manifest, free, 'have the same name', diagnostics);
  return free[0] === undefined ? undefined : { live: free[0], how: 'name' };
}

/** What a recorded intent shows to be ours: it bears the name, and was not there before the create was sent. */
function interrupted(manifest: Manifest, index: Index): Live[] {
  const intent = index.ledger.intents[manifest.address];
  if (intent === undefined) return [];
  const isNew = ({ id }: Live) => !intent.known.includes(id) && !index.recorded.has(id);
  return namesakes(manifest, index).filter(isNew);
}

function namesakes(manifest: Manifest, index: Index): Live[] {
  const name = naturalName(index.kind, manifest.spec);
  return name === undefined ? [] : (index.named.get(name) ?? []);
}

function claim(
  live: Live,
  manifest: Manifest,
  taken: Map<string, Address>,
  diagnostics: Diagnostic[],
): boolean {
  const other = taken.get(live.id);
  if (other === undefined) {
    taken.set(live.id, manifest.address);
    return true;
  }
  diagnostics.push(
    problem(manifest, `${manifest.address} and ${other} stand for the same live object, ${live.id}`, {
      detail: 'Give each manifest an object of its own: check metadata.id in both.',
    }),
  );
  return false;
}

function withEntry(manifest: Manifest, found: Found | undefined, index: Index): Binding {
  if (found === undefined) return { manifest, strays: [] };
  const strays = interrupted(manifest, index)
    .map(({ id }) => id)
    .filter((id) => id !== found.live.id);
  const own = index.entries.get(manifest.address);
  // An object that the ledger knows under an address without a manifest has been renamed by metadata.id.
  const moved = index.entries.get(index.recorded.get(found.live.id) ?? '');
  if (own?.id === found.live.id) return { manifest, ...found, entry: own, recorded: true, strays };
  return { manifest, ...found, ...(moved && { entry: moved }), strays };
}

function leftOvers(
  scene: Scene,
  index: Index,
  taken: ReadonlyMap<string, Address>,
): Pick<Matched, 'orphans' | 'forgotten'> {
  const wanted = new Set(scene.manifests.map((manifest) => manifest.address));
  const orphans = new Map<string, Orphan>();
  const forgotten: Address[] = [];
  for (const [address, entry] of index.entries) {
    if (wanted.has(address)) continue;
    const live = index.byId.get(entry.id);
    if (live === undefined || taken.has(live.id)) forgotten.push(address);
    else orphans.set(live.id, { address, live, entry });
  }
  for (const [mark, marked] of index.byMark) {
    const address = mark.slice(index.project.length + 1);
    const { target, kind } = parseAddress(address);
    const ours =
      mark === markFor(index.project, address) && target === scene.target && kind === scene.kind.name;
    if (!ours || wanted.has(address)) continue;
    for (const live of marked) {
      if (!taken.has(live.id) && !orphans.has(live.id)) orphans.set(live.id, { address, live });
    }
  }
  return { orphans: [...orphans.values()], forgotten };
}

function several(
  manifest: Manifest,
  live: readonly Live[],
  what: string,
  diagnostics: Diagnostic[],
): 'wrong' {
  const ids = live.map((object) => object.id).sort();
  diagnostics.push(
    problem(
      manifest,
      `${live.length} live objects ${what}: ${manifest.address} cannot tell which one is meant`,
      {
        detail: `Set metadata.id to one of them: ${ids.join(', ')}.`,
      },
    ),
  );
  return 'wrong';
}

function problem(manifest: Manifest, summary: string, more: Pick<Diagnostic, 'detail' | 'path'>): Diagnostic {
  const { file, line } = manifest.source;
  return { severity: 'error', code: 'identity', summary, ...more, file, line, address: manifest.address };
}
