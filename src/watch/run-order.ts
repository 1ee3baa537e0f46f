import type { Effects } from '../run/effects.js';
import type { RunOptions } from '../run/surroundings.js';
import type { Workspace } from '../run/workspace.js';
import type { Circumstances } from './decide.js';
import type { RunLimit } from './run-limit.js';

/** What one run of one target is given. */
export interface RunOrder {
  /** Of this target only: its manifests, and itself as the one target. */
  workspace: Workspace;
  /** Of this run only: secrets are resolved anew each time. */
  effects: Effects;
  options: RunOptions;
  circumstances: Omit<Circumstances, 'approved'>;
  /** Plans that somebody approved. One that is `onlyOnce` passes only as long as the ledger does not know it as done. */
  approvals: readonly Approval[];
  limit: Pick<RunLimit, 'stop' | 'cut'>;
}

export interface Approval {
  fingerprint: string;
  onlyOnce: boolean;
}
