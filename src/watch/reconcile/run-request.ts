import type { Workspace } from '../../usecases/load-workspace.js';
import type { Effects } from '../../usecases/open-effects.js';
import type { RunOrigin } from '../../usecases/record-history.js';
import type { RunOptions } from '../../usecases/run-context.js';
import type { RunLimit } from '../schedule/run-limit.js';
import type { WritePolicy } from './decide.js';

/** The input of one run of one target. */
export interface RunRequest {
  /** Of this target only: its manifests, and itself as the one target. */
  workspace: Workspace;
  /** Of this run only: secrets are resolved anew each time. */
  effects: Effects;
  options: RunOptions;
  /** The reason for the run, for the history. */
  origin?: RunOrigin;
  policy: Omit<WritePolicy, 'approved'>;
  /** Approved plans. One that is `onlyOnce` passes only as long as the ledger does not know it as done. */
  approvals: readonly Approval[];
  limit: Pick<RunLimit, 'stop' | 'cut'>;
}

export interface Approval {
  fingerprint: string;
  onlyOnce: boolean;
}
