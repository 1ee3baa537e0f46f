import type { Diagnostic } from './diagnostic.js';
import type { History, HistoryChange, HistoryRun } from './history.js';
import type { Json } from './json.js';
import type { Ledger } from './ledger.js';
import type { SecretReference, Target } from './project.js';
import type { Answer, Read, Vendor, WriteRequest } from './vendor.js';
import type { VendorError } from './vendor-error.js';

/**
 * What a run reaches the world through. Each port has an implementation for Node in `platform` and `ledger`, and may be
 * given one of its own.
 */
export interface Ports {
  /** Resolves the credentials of targets and the secrets of manifests, and keeps them out of what is shown. */
  secrets: Secrets;
  /** Remembers between runs. */
  ledger: LedgerStore;
  /** The digests of one ledger, made from its salt. */
  digests: (salt: string) => Digests;
  /** The seals of one ledger, made from its salt. */
  seals: (salt: string) => Seals;
  /** Connects to a target to read. */
  reader: Connect<Reader>;
  /** Connects to a target to write as well. */
  client: Connect<Client>;
}

/**
 * What planning and applying need of them: connections and the ledger arrive on their own. They are arguments, so that the
 * engine opens neither a socket nor a file.
 */
export interface EnginePorts extends Pick<Ports, 'digests' | 'seals'> {
  vendors: readonly Vendor[];
  secrets: Pick<Secrets, 'resolve' | 'mask' | 'clean'>;
  clock: Calendar;
  /** Ends all waiting when it fires. */
  stop?: AbortSignal | undefined;
  /** Hears that a target is waited for; see `OnWait`. */
  onWait?: OnWait | undefined;
  /** Writes that this run has waited for in vain. A run may plan more than once, and waits for each of them only once. */
  waitedOut?: Set<string> | undefined;
}

/** Hears that a target is waited for, and why. Returns what is told at the end of it, whether the wait was of use. */
export type OnWait = (target: Target, fault: VendorError) => (answered: boolean) => void;

/** The secrets of one run. */
export interface Secrets {
  /** The value behind a reference, fetched once per run. Throws `DiagnosticError` with code `secret`. */
  resolve(reference: SecretReference): Promise<string>;
  /** A vendor's value in which every secret is replaced by a placeholder. Throws `MaskError` and nothing else. */
  mask(text: string): string;
  /** Words of others made fit to be shown. Throws `MaskError` and nothing else. */
  clean(text: string, kind?: 'words' | 'id'): string;
  /**
   * Where the secrets come from that a text spells out, in full or in one of their usual encodings. Those that may be found
   * by trying are not looked for.
   */
  sourcesIn(text: string): SecretReference[];
  /** Where the secret comes from that a text is, as a whole: also one that may be found by trying. */
  sourceOf(text: string): SecretReference | undefined;
  /** The run is over: its secrets need not be remembered for ever. */
  release(): void;
}

/** Where a project remembers what it applied. Every method throws `DiagnosticError` with code `ledger`. */
export interface LedgerStore {
  /** The ledger as it is, or undefined when there is none yet. Needs no lock. */
  read(): Promise<Ledger | undefined>;
  /** The exclusive right to write; refused while another apply holds it. */
  lock(): Promise<LedgerLock>;
  /** The history of the changes that were recorded; a store without it keeps none. */
  history?(): Promise<History>;
}

/**
 * How urgent a save is. `soon`: the run goes on meanwhile, so a store may wait, and save once for many calls. `stalled`: the
 * run waits for it. `now`: at once, as at the end of a run.
 */
export type SaveWhen = 'soon' | 'stalled' | 'now';

export interface LedgerLock {
  /**
   * Resolves once the ledger is safe where it is kept, as passed or newer. Calls before a write starts share it; the most
   * urgent one says when that is. Default: `now`.
   */
  save(ledger: Ledger, when?: SaveWhen): Promise<void>;
  /**
   * Takes changes into the history. They are kept before the next save, or with the release: where the history cannot be
   * written, the release says so. A later change of the same run and address replaces the earlier one. Without changes: says
   * only that this run uses the lock.
   */
  record?(run: HistoryRun, changes: readonly HistoryChange[]): void;
  /** The serial that is safe where the ledger is kept; undefined where nothing was saved. Default: not told. */
  savedSerial?(): number | undefined;
  /**
   * Waits for what is being saved, then lets others in. May be called twice. `outcome` says what became of the
   * apply, for a store that keeps a log. Never throws: what was saved is safe, so what remains to be said is
   * returned as warnings.
   */
  release(outcome?: string): Promise<Diagnostic[]>;
}

/** Digests of one ledger, salted with its salt: they say whether a value is the same, and nothing else. */
export interface Digests {
  /** Of a value that every reader of the ledger may read. */
  plain(value: Json | undefined): string;
  /** Of a secret: slow on purpose, so that a leaked ledger does not help to guess. Computed once per value. */
  secret(value: string): Promise<string>;
}

/** Keeps values in one ledger that only the holder of a secret can read. */
export interface Seals {
  seal(value: Json, secret: string): Promise<string>;
  /** Undefined where the secret is another one, or the text was changed. */
  open(sealed: string, secret: string): Promise<Json | undefined>;
}

/** Connects to a target: for planning with a reader, which can do nothing but read; for apply with a client. */
export type Connect<Connection extends Reader> = (
  target: Target,
  vendor: Vendor,
  credential: string,
) => Connection;

/** Reads from one target, within its budget. There is no way to reach a write through it. Throws `VendorError`. */
export interface Reader {
  /** Repeats what may be repeated: lost connections, 408, 425, 429 and most of 5xx. */
  read: Read;
  /** Every request sent so far, repeated ones included. */
  counts: { read: number; write: number };
  /** Ends the connections. What is still waiting is not sent any more. */
  close(): Promise<void>;
}

/** Speaks to one target, within the budget of its account. Throws `VendorError`. */
export interface Client extends Reader {
  /**
   * Repeats what is repeatable like a read, and once after a timeout; anything else only when the vendor certainly did
   * nothing. While an account that has answered before is down, everything waits for it. A removal that was repeated may answer `not-found` because the first one was carried out.
   */
  write(request: WriteRequest): Promise<Answer>;
}

/** Time as the effects see it, so that tests need not wait. */
export interface Clock {
  /** Milliseconds since some moment. It never goes back, even if the machine's date is changed. */
  now(): number;
  /** Waits so long; rejects with the signal's reason when that fires first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** A clock that knows the date as well. */
export interface Calendar extends Clock {
  /** Milliseconds since 1970, by the machine's date. */
  date(): number;
}
