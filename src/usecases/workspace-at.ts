import { basename, join, relative } from 'node:path';
import { isInsideProject } from '../manifest/document/inside-project.js';
import { defined } from '../model/defined.js';
import { DiagnosticError, error } from '../model/diagnostic.js';
import type { Project, Target } from '../model/project.js';
import { withCommitFolder } from '../platform/git/commit-folder.js';
import { GitError } from '../platform/git/git.js';
import { allowedFiles } from './allowed-files.js';
import {
  loadProject,
  loadValidWorkspace,
  loadWorkspace,
  requireValid,
  type Workspace,
} from './load-workspace.js';
import type { RunContext, RunOptions } from './run-context.js';

type LoadOptions = Parameters<typeof loadValidWorkspace>[0] & Pick<RunOptions, 'at' | 'prune'>;

/** The workspace of a plan or an apply: of today's files, or of a commit. Throws `DiagnosticError`. */
export async function openWorkspace(options: LoadOptions, context: RunContext): Promise<Workspace> {
  const { at } = options;
  return at === undefined ? loadValidWorkspace(options, context) : loadWorkspaceAt(at, options, context);
}

/**
 * The project file and the manifests as a commit has them. Everything that a run reads beside them is today's: the
 * ledger and its place, secrets from files and commands, authorities.
 */
async function loadWorkspaceAt(at: string, options: LoadOptions, context: RunContext): Promise<Workspace> {
  const today = await loadProject(context.cwd, options.config);
  const config = basename(options.config);
  try {
    return await withCommitFolder(today.folder, at, context, async ({ commit, folder, missing, holds }) => {
      if (!holds(config)) throw new GitError('failed', `it has no ${config}`);
      const allowed = allowedFiles(context.env, options);
      const there = { cwd: folder, env: context.env, missing };
      const then = await loadWorkspace(there, config, options.target, allowed);
      const workspace = { ...inTodaysFolder(then, today), at: commit };
      await requireValid(workspace, options, context.env);
      return workspace;
    });
  } catch (fault) {
    if (!(fault instanceof GitError)) throw fault;
    throw new DiagnosticError(
      error('usage', `the project cannot be read at commit ${JSON.stringify(at)}: ${fault.message}`, {
        detail:
          '--at takes a commit, tag or branch of the repository that the project file is in. In a shallow clone, get its history first: git fetch --unshallow.',
        file: today.file,
      }),
    );
  }
}

function inTodaysFolder(workspace: Workspace, today: Project): Workspace {
  const { folder } = workspace.project;
  const authorityOf = ({ name, caFile }: Target) => {
    const known = today.targets.find((target) => target.name === name);
    if (known !== undefined) return known.caFile;
    const isOurs = caFile !== undefined && isInsideProject(caFile, folder);
    return isOurs ? join(today.folder, relative(folder, caFile)) : caFile;
  };
  const move = (target: Target): Target => {
    const { caFile: _then, ...others } = target;
    return { ...others, ...defined({ caFile: authorityOf(target) }) };
  };
  const project = {
    ...workspace.project,
    folder: today.folder,
    ledger: today.ledger,
    targets: workspace.project.targets.map(move),
  };
  return { ...workspace, project, targets: workspace.targets.map(move) };
}
