import { withoutIgnored } from '../diff/overlay.js';
import { markOf } from '../diff/requests.js';
import type { Address } from '../model/address.js';
import { asWarning, type Diagnostic } from '../model/diagnostic.js';
import type { JsonObject } from '../model/json.js';
import type { LedgerEntry } from '../model/ledger.js';
import type { Manifest } from '../model/manifest.js';
import type { Live } from '../model/vendor.js';
import { clientIdFor, markFor, naturalName } from './identity.js';
import { problem, several } from './identity-findings.js';
import { type LeftOvers, leftOvers } from './left-overs.js';
import { foreignMark, type Index, indexScene, isMadeBy, type Scene } from './scene.js';

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
  /** The mark of somebody else's that the object bears, as it may be shown. */
  foreign?: string;
  /** Other people's keys that an interrupted replacement has yet to hand on. */
  inherited?: JsonObject;
}

export interface Matched extends LeftOvers {
  bindings: Binding[];
  diagnostics: Diagnostic[];
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
  // Where two manifests want one object, who comes first must not depend on the names of their files.
  const manifests = [...scene.manifests].sort((a, b) => (a.address < b.address ? -1 : 1));
  for (const manifest of manifests) {
    const found = bySureIdentity(manifest, index, diagnostics);
    if (found === 'wrong') continue;
    if (found === undefined) waiting.push(manifest);
    else if (claim(found.live, manifest, taken, diagnostics))
      bindings.push(withEntry(manifest, found, index));
  }
  // What is to be removed as one manifest's left-over is not offered to another one.
  const spoken = new Set([...taken.keys(), ...bindings.flatMap(({ strays }) => strays)]);
  for (const manifest of waiting) {
    const found = byName(manifest, index, spoken, waiting, diagnostics);
    if (found === 'wrong') continue;
    if (found !== undefined) {
      taken.set(found.live.id, manifest.address);
      spoken.add(found.live.id);
    }
    bindings.push(withEntry(manifest, found, index));
  }
  for (const binding of bindings) diagnostics.push(...leftBehind(binding, index, spoken));
  // And what a manifest stands for is nobody's left-over.
  for (const binding of bindings) binding.strays = binding.strays.filter((id) => !taken.has(id));
  return { bindings, ...leftOvers(index, taken), diagnostics };
}

interface Found {
  live: Live;
  how: How;
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
  const foreign = recorded && foreignMark(index.kind, recorded, index.project);
  if (foreign !== undefined) {
    const whose = index.shown?.(foreign) ?? foreign;
    diagnostics.push(
      problem(manifest, `${address} is marked as ${whose}: another project manages it by now`, {
        detail: 'Remove the manifest here, or take the object back with metadata.id and --adopt.',
      }),
    );
    return 'wrong';
  }
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
  taken: ReadonlySet<string>,
  waiting: readonly Manifest[],
  diagnostics: Diagnostic[],
): Found | 'wrong' | undefined {
  const made = interrupted(manifest, index).filter((live) => !taken.has(live.id));
  if (made.length > 1 && made.length > rivalsOf(manifest, waiting, index)) {
    return several(manifest, made, 'may be what an interrupted apply created', diagnostics);
  }
  if (made[0] !== undefined) {
    const summary = `${manifest.address} was created by an interrupted apply and is taken back`;
    diagnostics.push(asWarning(problem(manifest, summary, { detail: `Its id is ${made[0].id}.` })));
    return { live: made[0], how: 'intent' };
  }
  // Where a create was begun, it was decided that what bore the name by then is somebody else's.
  const others = index.ledger.intents[manifest.address]?.known ?? [];
  const isFree = (live: Live) => !taken.has(live.id) && !others.includes(live.id) && !isKnown(live, index);
  const free = namesakes(manifest, index).filter(
    (live) => isFree(live) && markOf(index.kind, live) === undefined,
  );
  if (free.length > 1) return several(manifest, free, 'have the same name', diagnostics);
  return free[0] === undefined ? undefined : { live: free[0], how: 'name' };
}

/**
 * What a recorded intent shows to be ours: it was not there before the create was sent, and bears our mark. Where there
 * is no room for a mark, it bears the name.
 */
function interrupted(manifest: Manifest, index: Index): Live[] {
  const intent = index.ledger.intents[manifest.address];
  if (intent === undefined) return [];
  const isNew = (live: Live) => isMadeBy(intent, live, index);
  if (index.kind.rules.mark === undefined) {
    return namesakes(manifest, index, intent.name).filter(isNew);
  }
  return (index.byMark.get(markFor(index.project, manifest.address)) ?? []).filter(isNew);
}

/** An object of ours that a manifest has let go of by naming another one. */
function leftBehind({ manifest, live }: Binding, index: Index, spoken: ReadonlySet<string>): Diagnostic[] {
  const before = index.entries.get(manifest.address)?.id;
  if (before === undefined || live === undefined || before === live.id) return [];
  if (spoken.has(before) || !index.byId.has(before)) return [];
  const summary = `${manifest.address} was ${before} until now; that object is still there, and no longer managed`;
  const detail = 'Delete it at the vendor, or give it a manifest of its own with metadata.id.';
  return [asWarning(problem(manifest, summary, { detail }))];
}

/**
 * How many manifests, from this one on, what an interrupted apply created may be meant for. Each create made one object
 * at most, so if there are more than that, they are not all ours.
 */
function rivalsOf(manifest: Manifest, waiting: readonly Manifest[], index: Index): number {
  const nameOf = ({ spec }: Manifest) => naturalName(index.kind, spec);
  const later = waiting.slice(waiting.indexOf(manifest));
  const begun = later.filter(({ address }) => index.ledger.intents[address] !== undefined);
  return begun.filter((other) => nameOf(other) === nameOf(manifest)).length;
}

/** Whether the ledger knows an object, under whatever address. */
function isKnown({ id }: Live, index: Index): boolean {
  return index.recorded.has(id) || index.retired.has(id);
}

function namesakes(manifest: Manifest, index: Index, sentAs?: string): Live[] {
  const name = sentAs ?? naturalName(index.kind, manifest.spec);
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
  const own = index.entries.get(manifest.address);
  // The object that the ledger knows may be gone, and earlier versions of it still be there.
  const earlier = own === undefined || own.id === found?.live.id ? [] : (own.retired ?? []);
  const left = [...interrupted(manifest, index).map(({ id }) => id), ...earlier];
  const strays = [...new Set(left)].filter((id) => id !== found?.live.id && index.byId.has(id));
  const inherited = index.inherited?.get(manifest.address);
  if (found === undefined) return { manifest, strays, ...(inherited && { inherited }) };
  // An object that the ledger knows under an address without a manifest has been renamed by metadata.id.
  const moved = index.entries.get(index.recorded.get(found.live.id) ?? '');
  const recorded = own?.id === found.live.id;
  const entry = recorded ? own : moved;
  const foreign = foreignMark(index.kind, found.live, index.project);
  return {
    manifest,
    ...found,
    ...(entry && { entry: withoutIgnored(entry, manifest.ignoreChanges) }),
    ...(recorded && { recorded }),
    ...(foreign !== undefined && { foreign: index.shown?.(foreign) ?? foreign }),
    strays,
  };
}
