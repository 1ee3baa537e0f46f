import { asWarning, type Diagnostic, hasErrors, warning } from '../model/diagnostic.js';
import type { Manifest } from '../model/manifest.js';
import { asShownPlan, type Change, emptySummary, type ShownPlan } from '../model/plan.js';
import { NO_STATEMENTS } from '../model/statements.js';
import { compareManifests } from '../plan/compare-manifests.js';
import { openGit } from '../platform/git/git.js';
import { vendors } from '../vendors/index.generated.js';
import { allowedFiles } from './allowed-files.js';
import { type BaseProject, type PullRequestCommits, readBaseProject } from './base-project.js';
import { loadWorkspace, type Workspace, workspaceFindings } from './load-workspace.js';
import { findViolations, readPolicy } from './policy.js';
import { warnAboutProjectChanges } from './project-changes.js';
import type { Permissions, RunContext, RunOptions } from './run-context.js';
import { followMoves, warnAboutStatements } from './statement-changes.js';

/** A pull request compared with its base branch. No vendor was asked and no secret read. */
export interface OfflinePlan {
  /**
   * `compared`: with the base. `alone`: there was no base to compare with, so that everything looks new. `invalid`: the
   * pull request has mistakes, and nothing was compared.
   */
  state: 'compared' | 'alone' | 'invalid';
  /** Without requests, ids and fingerprint. */
  plan: ShownPlan;
  /** Of the selected targets; all valid ones. */
  manifests: Manifest[];
}

/**
 * Plans without credentials and without any vendor, for a pull request that is not trusted yet: its manifests are
 * checked and compared with those of its base. Mistakes are in the plan's diagnostics; those of a project file are
 * thrown as `DiagnosticError`.
 */
export async function planOffline(
  options: Pick<RunOptions, 'config' | 'target'> & Permissions,
  context: RunContext,
  pull: PullRequestCommits,
): Promise<OfflinePlan> {
  const allowed = allowedFiles(context.env, options);
  const workspace = await loadWorkspace(context, options.config, options.target, allowed);
  const { project, manifests, targets } = workspace;
  if (hasErrors(workspace.diagnostics))
    return offlinePlan('invalid', workspace, options.target, NOTHING_COMPARED);
  const git = openGit(project.folder, context.env);
  const base = await readBaseProject(git, pull, project);
  const before = followMoves(manifestsOf(base, options.target), workspace);
  const { changes, unchanged } = compareManifests(before, manifests, vendors);
  // A trusted run would refuse these: here there is no credential to lose, and the reviewer wants to know.
  const forbidden = findViolations(project, targets, manifests, vendors, {
    ...readPolicy(context.env, options),
    ci: true,
  });
  return offlinePlan(base.state === 'sound' ? 'compared' : 'alone', workspace, options.target, {
    changes,
    unchanged,
    diagnostics: [
      ...warningsAbout(base),
      ...(base.state === 'sound' ? warnAboutProjectChanges(base.project, project) : []),
      ...warnAboutStatements(base.state === 'sound' ? base.statements : NO_STATEMENTS, workspace.statements),
      ...forbidden.map(asWarning),
    ],
  });
}

function manifestsOf(base: BaseProject, only: readonly string[]): Manifest[] {
  if (base.state !== 'sound') return [];
  return base.manifests.filter(({ target }) => only.length === 0 || only.includes(target));
}

function warningsAbout(base: BaseProject): Diagnostic[] {
  if (base.state !== 'unusable') return [];
  return [
    warning('project', `the base branch cannot be compared with: ${base.why}`, {
      detail: 'What follows is everything that this pull request declares, as if all of it were new.',
    }),
  ];
}

/** The changes that a pull request makes to manifests. */
interface Comparison {
  changes: Change[];
  unchanged: number;
  diagnostics: readonly Diagnostic[];
}

const NOTHING_COMPARED: Comparison = { changes: [], unchanged: 0, diagnostics: [] };

function offlinePlan(
  state: OfflinePlan['state'],
  workspace: Workspace,
  targets: readonly string[],
  compared: Comparison,
): OfflinePlan {
  const { project, manifests } = workspace;
  const { changes, unchanged } = compared;
  const summary = { ...emptySummary(), noop: unchanged };
  for (const { action } of changes) summary[action] += 1;
  const plan = asShownPlan({
    formatVersion: '1',
    project: project.name,
    fingerprint: '',
    options: { targets: [...targets], prune: false, adopt: false, trustSecrets: false },
    summary,
    requests: { read: 0, write: 0 },
    changes,
    diagnostics: [...workspaceFindings(workspace), ...compared.diagnostics],
  });
  return { state, plan, manifests };
}
