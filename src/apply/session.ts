import type { Baseline } from '../diff/baseline.js';
import type { LedgerCodec } from '../diff/ledger-codec.js';
import { sentValues } from '../diff/stored-values.js';
import type { Address } from '../model/address.js';
import type { JsonObject } from '../model/json.js';
import type { Ledger, LedgerEntry } from '../model/ledger.js';
import type { Manifest } from '../model/manifest.js';
import type { Outcome } from '../model/outcome.js';
import type { Calendar, Client, OnWait, SaveWhen } from '../model/ports.js';
import type { Target } from '../model/project.js';
import type { Kind, Live } from '../model/vendor.js';
import type { VendorError } from '../model/vendor-error.js';
import { groupByNaturalName } from '../plan/match/identity.js';
import type { WantedStep } from '../plan/step.js';
import { KNOWN_AFTER_APPLY, type Substitution, substituteSpec } from '../plan/substitute.js';
import { listObjects } from '../prepare/list-objects.js';
import { lookUntil } from '../prepare/look-again.js';
import type { PreparedPlan } from '../prepare/prepare.js';
import { createLookUps } from './look-ups.js';
import { createRecorder, type Recorder } from './recorder.js';
import type { UnverifiedStep } from './removal.js';

export interface ApplyInput {
  prepared: PreparedPlan<Client>;
  /** The ledger that the plan was made with; changed in place. */
  ledger: Ledger;
  /** The ledger has changed since it was read, so that it is saved even where nothing is sent. */
  changed?: boolean;
  /** Makes the ledger durable. */
  save(when: SaveWhen): Promise<void>;
  /** When it fires, requests in flight are finished and recorded, and nothing new is started. */
  signal: AbortSignal;
  clock: Calendar;
  /** Hears that a target is waited for. */
  onWait?: OnWait | undefined;
  onOutcome(outcome: Outcome, done: number, total: number): void;
  /** Hears of each change that was carried out, with the object's id now or, of a delete, before: as the ledger is changed. */
  onWritten?: (address: Address, id: string) => void;
  /** Goes into the entries that this run writes. */
  run?: RunStamp;
}

/** Says which run writes, and when. */
export interface RunStamp {
  id: string;
  /** The time as an ISO date in UTC. */
  now(): string;
}

/** A write may be sent on what was read two seconds before: this long ago, and its turn may take the rest. */
export const FRESH_MS = 1_500;

/** Why a run starts nothing more. */
export interface Stopped {
  code: 'interrupted' | 'ledger';
  because: string;
}

/** One apply in progress: the input, and the ids that it has learnt so far. */
export class ApplySession {
  readonly input: ApplyInput;
  readonly recorder: Recorder;
  /** The ledger could not be written: nothing more may be sent, because it could not be recorded. */
  unsaved = false;
  /** Addresses whose object this run has removed, and has nothing to put in its place. */
  readonly removed = new Set<Address>();
  readonly lookUps = createLookUps();
  /** Removals that are checked together at the end. */
  readonly unverified: UnverifiedStep[] = [];
  /** Ids in use, by target and kind. */
  readonly #taken = new Map<string, Set<string>>();
  /** The ledger has changed since it was saved. */
  news = false;
  readonly #ids: Map<Address, string>;
  /** Listings right before writes, and when each began. */
  readonly #listed = new Map<string, { begunMs: number; listing: Promise<Map<string, Live>> }>();
  /** Live objects by natural name, for each kind on each target: a scan for every create would be quadratic. */
  readonly #named = new Map<string, Map<string, Live[]>>();

  constructor(input: ApplyInput) {
    this.input = input;
    this.recorder = createRecorder(input.save, input.clock.now);
    const { steps, unchanged } = input.prepared;
    this.#ids = new Map(unchanged.map(({ manifest, live }) => [manifest.address, live.id]));
    for (const { change, live } of steps) if (live !== undefined) this.#ids.set(change.address, live.id);
  }

  /** Nothing may be awaited between this and the change to the ledger: a save of another step could come between. */
  tellWritten(address: Address, id: string): void {
    this.input.onWritten?.(address, id);
  }

  learn(address: Address, id: string): void {
    this.#ids.set(address, id);
  }

  /** The id of an object as far as this run knows it. */
  idOf(address: Address): string | undefined {
    return this.#ids.get(address);
  }

  /** Replaces references by their real values, which are put only into requests. */
  substitution(target: string): Substitution {
    return {
      id: (ref) => this.#ids.get(`${target}/${ref}`) ?? KNOWN_AFTER_APPLY,
      secret: (reference) => this.input.prepared.secrets.reveal(reference),
    };
  }

  /** A spec with its references to other objects replaced by ids, and its secrets left as references. */
  withIds(spec: JsonObject, target: string, kind: Kind): JsonObject {
    return substituteSpec(spec, kind.rules, {
      id: this.substitution(target).id,
      secret: (reference) => ({ ...reference }),
    });
  }

  baseline({ address, ignoreChanges }: Manifest, entry: LedgerEntry | undefined): Baseline {
    return this.input.prepared.baselines.of(address, entry, ignoreChanges);
  }

  get codec(): LedgerCodec {
    return this.input.prepared.baselines.codec;
  }

  /** The date now, as the ledger keeps it. */
  isoDate(): string {
    return new Date(this.input.clock.date()).toISOString();
  }

  /**
   * Looks at a target again and again, until it shows what was written or the time has passed. An interrupted run waits no
   * more. `fault` says what is waited for.
   */
  async lookAgain(
    target: string,
    fault: VendorError,
    untilMs: number,
    look: () => Promise<boolean>,
  ): Promise<void> {
    const { clock, signal, onWait } = this.input;
    if (signal.aborted || untilMs <= clock.now()) return;
    const scope = this.input.prepared.observation.observed.find((one) => one.target.name === target);
    const ended = scope && onWait?.(scope.target, fault);
    let shown = false;
    try {
      await lookUntil(untilMs, clock, signal, async () => {
        shown = await look();
        return shown;
      });
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      ended?.(shown);
    }
  }

  client(target: string): Client {
    const client = this.input.prepared.observation.readers.get(target);
    if (client === undefined) throw new Error(`no connection to ${target}`);
    return client;
  }

  /** The objects of a kind on a target that planning saw. */
  seen(target: string, kind: Kind): { live: readonly Live[]; cost: number } {
    const scope = this.input.prepared.observation.observed.find(
      (observed) => observed.target.name === target && observed.kind === kind,
    );
    return { live: scope?.live ?? [], cost: scope?.cost ?? 1 };
  }

  /** The limits of a target, as its project sets them. */
  limitsOf(target: string): Pick<Target, 'concurrency' | 'requestsPerSecond'> {
    const scope = this.input.prepared.observation.observed.find((one) => one.target.name === target);
    return scope?.target ?? { concurrency: 1, requestsPerSecond: 1 };
  }

  /** Why nothing more may be started, if so. */
  get stopped(): Stopped | undefined {
    if (this.input.signal.aborted) return { code: 'interrupted', because: 'the run was interrupted' };
    return this.unsaved ? { code: 'ledger', because: 'the ledger could not be written' } : undefined;
  }

  /** Takes an id for a new object; false where planning saw it on another one, or this run has taken it already. */
  claimId(target: string, kind: Kind, id: string): boolean {
    const key = `${target}/${kind.name}`;
    const taken = this.#taken.get(key) ?? new Set(this.seen(target, kind).live.map((live) => live.id));
    this.#taken.set(key, taken);
    if (taken.has(id)) return false;
    taken.add(id);
    return true;
  }

  /** The values that a step's create sends for fields that can be read back. */
  sentBy({ desired, target, kind }: WantedStep): Record<string, string> {
    return sentValues(this.withIds(desired, target, kind), kind.rules, this.codec);
  }

  /** A listing of a kind that began at most two seconds ago, for kinds that cannot read one object. */
  listedAgain(target: string, kind: Kind): Promise<Map<string, Live>> {
    const key = `${target}/${kind.name}`;
    const latest = this.#listed.get(key);
    const now = this.input.clock.now();
    if (latest !== undefined && now - latest.begunMs <= FRESH_MS) return latest.listing;
    const listing = this.#list(target, kind);
    this.#listed.set(key, { begunMs: now, listing });
    return listing;
  }

  async #list(target: string, kind: Kind): Promise<Map<string, Live>> {
    return new Map((await listObjects(kind, this.client(target).read)).map((live) => [live.id, live]));
  }

  /** The objects that bore a natural name when planning looked. */
  seenByName(target: string, kind: Kind, name: string | undefined): readonly Live[] {
    const key = `${target}/${kind.name}`;
    const named = this.#named.get(key) ?? groupByNaturalName(kind, this.seen(target, kind).live);
    this.#named.set(key, named);
    return name === undefined ? [] : (named.get(name) ?? []);
  }
}
