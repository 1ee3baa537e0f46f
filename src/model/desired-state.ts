import type { Ledger } from './ledger.js';
import type { Manifest } from './manifest.js';
import type { Project, Target } from './project.js';

/** The state to reconcile. */
export interface DesiredState {
  project: Project;
  /** The selected targets. */
  targets: readonly Target[];
  /** Of the selected targets. */
  manifests: readonly Manifest[];
  ledger: Ledger;
}
