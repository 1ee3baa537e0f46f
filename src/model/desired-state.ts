import type { Ledger } from './ledger.js';
import type { Manifest } from './manifest.js';
import type { Project, Target } from './project.js';
import type { ResolvedStatements } from './statements.js';

/** The state to reconcile. */
export interface DesiredState {
  project: Project;
  /** The selected targets. */
  targets: readonly Target[];
  /** Of the selected targets. */
  manifests: readonly Manifest[];
  /** As the statements say that it is to be read. */
  ledger: Ledger;
  /** The outcome of the statements to the ledger; absent where there are none. */
  statements?: ResolvedStatements;
}
