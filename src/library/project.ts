import { resolve } from 'node:path';
import { type Diagnostic, DiagnosticError, error } from '../model/diagnostic.js';
import { guardText } from '../model/guard.js';
import type { Manifest } from '../model/manifest.js';
import type { Outcome } from '../model/outcome.js';
import type { ShownPlan } from '../model/plan.js';
import type { Ports } from '../model/ports.js';
import type { Project, Target } from '../model/project.js';
import type { Allowance } from '../plan/guards.js';
import { type ApplyResult, applyWorkspace } from '../usecases/apply-workspace.js';
import { checkFingerprint, checkGuards, findPlanErrors } from '../usecases/check-plan.js';
import { loadValidWorkspace } from '../usecases/load-workspace.js';
import { openEffects } from '../usecases/open-effects.js';
import { planWorkspace } from '../usecases/plan-workspace.js';
import type { RunOptions } from '../usecases/run-context.js';

/** The options of `plan` and `apply`, as the flags of the command. */
export interface OpenOptions {
  /** The variables that files may name as `fromEnv`, and that say whether this is CI: usually the process's own. */
  env: Readonly<Record<string, string | undefined>>;
  /** Names of the targets to plan and apply. Default: all. */
  targets?: readonly string[];
  /** Deletes objects that were applied once and are not declared any more. Default: false. */
  prune?: boolean;
  /** Takes over objects that exist and are not in the ledger. Default: false. */
  adopt?: boolean;
  /** Takes secrets without a digest in the ledger for unchanged. Default: false. */
  trustSecrets?: boolean;
  /** Names of targets that may be another account than the ledger remembers. Default: none. */
  rebind?: readonly string[];
  /** Hosts beside the vendors' own that may be sent a credential in CI. */
  allowHosts?: readonly string[];
  /** Files and folders outside the project that its files may name; relative to the process's folder. */
  allowFiles?: readonly string[];
  /** Lets `fromCommand` run in CI. Default: false. */
  allowCommands?: boolean;
  /** Ports that take the place of those for Node. */
  ports?: Partial<Ports>;
}

export interface ApplyOptions {
  /** The fingerprint of the plan that was reviewed: any other plan is refused. */
  fingerprint?: string;
  /** Sees the plan before the first write, and throws to refuse it. Default: every plan is approved. */
  approve?: (plan: ShownPlan) => Promise<void> | void;
  /** More deletions and updates than the project's guards let through. */
  allow?: Allowance;
  /** When it fires, requests in flight are finished and recorded, and nothing new is started. */
  signal?: AbortSignal;
  /** Hears of each change once it is done. */
  onOutcome?: (outcome: Outcome, done: number, total: number) => void;
}

/** The result of an apply. */
export interface Applied extends Pick<ApplyResult, 'report' | 'whole' | 'interrupted'> {
  /** Diagnostics about the ledger from the time after the report. */
  warnings: Diagnostic[];
}

/** A project whose files are valid. What it reads and writes at vendors, it does in `plan` and `apply`. */
export interface OpenProject {
  project: Project;
  /** The selected targets. */
  targets: readonly Target[];
  /** Of the selected targets. */
  manifests: readonly Manifest[];
  /** Reads live state and says what an apply would do, secrets left out. Throws `DiagnosticError`. */
  plan(): Promise<ShownPlan>;
  /**
   * Locks the ledger, plans again, writes, reads back and records. A plan with errors, one beyond the guards and one
   * other than the reviewed one are refused before anything is written, with a `DiagnosticError`. A change that fails
   * is in the report, and `whole` is false.
   */
  apply(options?: ApplyOptions): Promise<Applied>;
}

/**
 * Reads a project file and its manifests. `config` is absolute or relative to the process's folder. Throws a
 * `DiagnosticError` with every mistake in the files, and with everything in them that `env` and `options` do not allow.
 */
export async function openProject(config: string, options: OpenOptions): Promise<OpenProject> {
  const { env, ports = {} } = options;
  const context = { cwd: process.cwd(), env };
  const run = runOptions(config, options);
  const workspace = await loadValidWorkspace(run, context);
  const { project, targets, manifests } = workspace;
  // Each run has effects of its own: a secret is resolved again, since it may have changed.
  const effects = (stop?: AbortSignal) => openEffects(project, context, { ports, stop });
  return {
    project,
    targets,
    manifests,
    plan: async () => (await planWorkspace(workspace, effects(), run)).plan,
    async apply({ fingerprint, approve, allow = {}, signal = new AbortController().signal, onOutcome } = {}) {
      const warnings: Diagnostic[] = [];
      const { report, whole, interrupted } = await applyWorkspace({
        workspace,
        effects: effects(signal),
        options: run,
        origin: { command: 'apply', env },
        async approve(prepared, desiredState) {
          refuse(findPlanErrors(prepared, desiredState));
          refuse(checkFingerprint(prepared, [fingerprint]));
          refuse(checkGuards(prepared, desiredState, allow).map((found) => error('guard', guardText(found))));
          await approve?.(prepared.plan);
        },
        signal,
        ...(onOutcome && { onOutcome }),
        onWarnings: (found) => warnings.push(...found),
      });
      return { report, whole, interrupted, warnings };
    },
  };
}

function runOptions(config: string, options: OpenOptions): RunOptions {
  const { targets = [], prune = false, adopt = false, trustSecrets = false } = options;
  const { rebind = [], allowHosts = [], allowFiles = [], allowCommands = false } = options;
  return {
    config,
    target: targets,
    prune,
    adopt,
    trustSecrets,
    rebind,
    allowHost: allowHosts,
    allowFile: allowFiles.map((path) => resolve(path)),
    allowCommands,
  };
}

function refuse(diagnostics: readonly Diagnostic[]): void {
  if (diagnostics.length > 0) throw new DiagnosticError(...diagnostics);
}
