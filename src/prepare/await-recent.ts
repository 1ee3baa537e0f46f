import type { Baselines } from '../diff/baseline.js';
import type { Address } from '../model/address.js';
import { intentWindowLeft, windowLeft } from '../model/consistency.js';
import type { DesiredState } from '../model/desired-state.js';
import { entriesOf } from '../model/ledger.js';
import type { EnginePorts } from '../model/ports.js';
import type { Target } from '../model/project.js';
import type { Kind, Live, Read } from '../model/vendor.js';
import { VendorError } from '../model/vendor-error.js';
import { createdBy } from '../plan/match/created-by.js';
import { buildLiveIndex, type LiveIndex } from '../plan/match/live-index.js';
import { proveListing } from './list-objects.js';
import { lookUntil } from './look-again.js';
import { completeById } from './read-if-present.js';

/** One kind on one target, and what is needed to look at it again. */
export interface RecentScope {
  target: Target;
  kind: Kind;
  read: Read;
  /** Ids to read by themselves where a listing lacks them. */
  ids: ReadonlySet<string>;
}

/** Something that was written, or sent, so recently that reads may not show it yet. */
interface Recent {
  address: Address;
  /** Tells this write from every other one. */
  key: string;
  untilMs: number;
  isShown(index: LiveIndex): boolean;
}

/**
 * The live objects, once they show all that was written within the consistency window of the kind, or that window is
 * over. Until then an object that is not shown is not gone, and what an unanswered create made may still appear:
 * to plan without it would be to create it twice.
 */
export async function awaitRecent(
  live: Live[],
  { target, kind, read, ids }: RecentScope,
  desiredState: DesiredState,
  baselines: Baselines,
  { clock, stop = new AbortController().signal, onWait, waitedOut = new Set() }: EnginePorts,
): Promise<Live[]> {
  const indexOf = (shown: Live[]) =>
    buildLiveIndex({ target, kind, live: shown, cost: 1 }, { ...desiredState, baselines });
  const all = findRecent({ target, kind }, desiredState, clock.date(), clock.now());
  const recent = all.filter(({ key }) => !waitedOut.has(key));
  if (recent.length === 0) return live;
  let shown = live;
  let open = unshown(recent, indexOf(live));
  if (open.length === 0) return live;
  const fault = notShown(open.map(({ address }) => address));
  const ended = onWait?.(target, fault);
  const byId = open.every(({ address }) => desiredState.ledger.intents[address] === undefined);
  try {
    await lookUntil(Math.max(...open.map(({ untilMs }) => untilMs)), clock, stop, async () => {
      // A recorded object is read by its id; one that an unanswered create made is found in a listing alone.
      const listed = byId && kind.read !== undefined ? shown : await proveListing(kind, read);
      shown = await completeById(kind, listed, ids, read);
      open = unshown(open, indexOf(shown));
      return open.every(({ untilMs }) => untilMs <= clock.now());
    });
  } catch (error) {
    ended?.(false);
    if (!stop.aborted) throw error;
    throw fault.withMessage(`${fault.message}, and the run was interrupted`);
  }
  for (const { key } of open) waitedOut.add(key);
  ended?.(open.length === 0);
  return shown;
}

function findRecent(
  { target, kind }: Pick<RecentScope, 'target' | 'kind'>,
  { ledger: { objects, intents } }: DesiredState,
  date: number,
  now: number,
): Recent[] {
  const written = entriesOf(objects, target.name, kind.name).map(([address, { id, at }]): Recent => {
    const untilMs = now + windowLeft(at, kind.rules, date);
    return { address, key: `${address} ${at}`, untilMs, isShown: ({ byId }) => byId.has(id) };
  });
  const sent = entriesOf(intents, target.name, kind.name).map(([address, intent]): Recent => {
    const untilMs = now + intentWindowLeft(intent.at, kind.rules, date);
    const isShown = (index: LiveIndex) =>
      index.byId.has(intent.id ?? '') || createdBy(intent, address, index).length > 0;
    return { address, key: `${address} ${intent.at}`, untilMs, isShown };
  });
  return [...written, ...sent].filter(({ untilMs }) => untilMs > now);
}

function unshown(recent: readonly Recent[], index: LiveIndex): Recent[] {
  return recent.filter((one) => !one.isShown(index));
}

function notShown(addresses: readonly Address[]): VendorError {
  const [first = '', ...others] = addresses;
  const what = others.length === 0 ? `${first} was` : `${first} and ${others.length} more were`;
  return new VendorError('incomplete', `${what} written a moment ago and not shown yet`);
}
