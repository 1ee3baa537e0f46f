import { dirname, resolve } from 'node:path';
import { DiagnosticError } from '../../model/diagnostic.js';
import type { ProjectWatch } from '../../model/project.js';
import type { Mask } from '../../platform/secrets/mask.js';
import { loadProject } from '../../usecases/load-workspace.js';
import { readPolicy } from '../../usecases/policy.js';
import { openFileSource } from './file-source.js';
import { GIT_DEFAULTS, openGitSource } from './git-source.js';
import { readLastGood } from './last-good.js';
import type { ProjectSource } from './source.js';

/** The source of the project, as the command line names it. */
export interface SourceOptions {
  /** Absolute. */
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  config: string;
  git?: string | undefined;
  ref?: string | undefined;
  stateDir?: string | undefined;
  gitSubmodules?: boolean | undefined;
  allowHost?: readonly string[] | undefined;
  /** The known secrets of the process. */
  mask?: Mask | undefined;
}

/** Where watch takes the project from, and the folder for what outlives it. Throws `DiagnosticError`. */
export async function openSource(
  where: SourceOptions,
): Promise<{ source: ProjectSource; stateFolder: string }> {
  const { cwd, env, config, mask } = where;
  const git = await gitOf(where);
  const stateFolder = folderOf(where, git !== undefined);
  if (git === undefined) {
    // Who names a folder for what is kept may well have a project that cannot be written to.
    const options = where.stateDir === undefined ? {} : { ledgerFolder: stateFolder };
    return { source: openFileSource(cwd, config, options), stateFolder };
  }
  const { submodules = false, ...followed } = git;
  const { hosts } = readPolicy(env, { allowHost: where.allowHost ?? [], allowCommands: false });
  const submoduleHosts = submodules ? hosts : undefined;
  const paths = { stateDir: stateFolder, config, cwd };
  const settings = { ...GIT_DEFAULTS, ...followed, ...paths, env, mask, submoduleHosts };
  return { source: await openGitSource(settings), stateFolder };
}

/** The same folder, for a command that talks to a watch which runs elsewhere. */
export async function stateFolderOf(where: SourceOptions): Promise<string> {
  if (where.stateDir !== undefined) return folderOf(where, false);
  const isGit = (await gitOf(where)) !== undefined;
  // Started with --git where there is no project file: what that watch left behind tells.
  const left = folderOf(where, true);
  return isGit || (await readLastGood(left)) !== undefined ? left : folderOf(where, false);
}

/** Flags beat the project file that lies here. One with mistakes says nothing of git; loading it tells them. */
async function gitOf({
  cwd,
  config,
  git,
  ref,
  gitSubmodules,
}: SourceOptions): Promise<ProjectWatch['git'] | undefined> {
  const project = await loadProject(cwd, config).catch((error: unknown) => {
    if (error instanceof DiagnosticError) return undefined;
    throw error;
  });
  const said = git === undefined ? project?.watch?.git : { url: git };
  return said && { ...said, ...(ref !== undefined && { ref }), ...(gitSubmodules && { submodules: true }) };
}

function folderOf({ cwd, config, stateDir }: SourceOptions, git: boolean): string {
  if (stateDir !== undefined) return resolve(cwd, stateDir);
  return git ? resolve(cwd, '.llmform/watch') : resolve(cwd, dirname(config), '.llmform');
}
