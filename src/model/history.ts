import type { Address } from './address.js';
import type { Json } from './json.js';
import type { Status } from './outcome.js';
import type { Action } from './plan.js';

/** The kind of run: an apply that was asked for, a watch that heals drift, or one that applies every change. */
export type HistoryCommand = 'apply' | 'heal' | 'watch';

/** The person or machine that started a run, as the environment says. */
export interface HistoryActor {
  actor: string;
  /** The machine, where it is not one of a CI service. */
  host?: string;
  /** The page of the run in CI. */
  run?: string;
  /** The pull or merge request that the run belongs to. */
  pullRequest?: number;
}

/** One run that wrote. */
export interface HistoryRun {
  runId: string;
  command: HistoryCommand;
  by: HistoryActor;
  /** The commit of the manifests, with `-dirty` where the files differed from it; absent where they are in no repository. */
  commit?: string;
}

/** The outcome of one object in a run. */
export interface HistoryChange {
  /** ISO date in UTC. */
  at: string;
  address: Address;
  action: Action;
  status: Exclude<Status, 'skipped'>;
  /** The object's id, where there is one. */
  id?: string;
  /** The code of the error, where it failed. */
  error?: string;
  fields: HistoryField[];
}

/** One field, as the plan showed it. */
export interface HistoryField {
  /** JSON Pointer into `spec`. */
  path: string;
  before?: Json;
  after?: Json;
  /** It holds a secret: there are no values. */
  sensitive?: true;
  /** A value was too long, and is its first part as text. */
  shortened?: true;
}

export type HistoryEntry = HistoryRun & HistoryChange;

/** The history of a ledger. */
export interface History {
  /** Newest first. */
  entries: HistoryEntry[];
  /** Places that could not be read, in words: a line that a crash cut off is not among them. */
  damaged: string[];
}
