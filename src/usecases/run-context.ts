import type { SecretReference } from '../model/project.js';
import type { Clock } from '../platform/process/clock.js';
import type { Mask } from '../platform/secrets/mask.js';

/** Where a run happens: its folder and its variables, both given, so that one process can hold several. */
export interface RunContext {
  /** Absolute. File names on a command line are relative to it. */
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Masks the secrets that the process knows; default: those that the run itself resolves. */
  mask?: Mask;
  /** Is told every secret and where it comes from, before anything else has it. */
  onSecret?: (secret: string, from: SecretReference) => void;
  /** The clock that waits are measured with; default: the system's. */
  clock?: Clock;
}

/** The scope of a run, and the permissions that its caller grants. */
export interface RunOptions extends Permissions {
  /** The project file, relative to the run's folder. */
  config: string;
  /** The selected targets; empty means all. */
  target: readonly string[];
  prune: boolean;
  adopt: boolean;
  trustSecrets: boolean;
  /** A commit: its project file and manifests, with today's ledger and secrets. */
  at?: string | undefined;
  /** Targets that may be another account than the ledger remembers. */
  rebind: readonly string[];
}

/** The permissions that the caller of a run gives the project's files. */
export interface Permissions {
  /** Hosts beside the vendors' own that may be sent a credential in CI. */
  allowHost: readonly string[];
  /** True if `fromCommand` may run in CI. */
  allowCommands: boolean;
  /** Absolute: files and folders outside the project that its files may name. */
  allowFile: readonly string[];
}
