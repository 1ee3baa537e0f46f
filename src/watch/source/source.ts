import type { Unseen } from '../../model/unseen.js';
import type { Trigger } from '../state/model.js';

/** One state of the project's files, somewhere on this machine's disk. */
export interface Snapshot {
  /** Absolute folder that `config` is relative to. */
  cwd: string;
  /** The project file. */
  config: string;
  /** For people: a folder, or a URL without credentials. */
  place: string;
  /** The commit, where git is the source. */
  commit?: string;
  /** Files and folders that the commit has and the disk has not, by paths from `cwd` on. */
  missing?: readonly Unseen[];
  /** Submodules of the commit, where watch was not told to fetch any. */
  unfetched?: readonly string[];
  /** Where a ledger that is a file lives instead of the project's folder, because that folder is a checkout. */
  ledgerFolder?: string;
}

/** Where the project comes from, and how we hear that it changed. */
export interface ProjectSource {
  /** The files as they are now. Throws `DiagnosticError`. */
  load(): Promise<Snapshot>;
  /** Sets who is told that there is something new to load. Called once. */
  onChange(tell: (trigger: Trigger) => void): void;
  /** A hint to look now. Returns at once; what is found is told by `onChange`. */
  poll?(): void;
  /** The loaded project is valid and active: keep it as the last good one. */
  keep?(snapshot: Snapshot): void;
  /** The last good one of an earlier process, for a start on a broken project. */
  lastGood?(): Promise<Snapshot | undefined>;
  close(): Promise<void>;
}
