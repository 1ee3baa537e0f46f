import { basename, dirname, join, resolve } from 'node:path';
import { readProject } from '../manifest/project/read-project.js';
import { readManifests } from '../manifest/read-manifests.js';
import { type Diagnostic, DiagnosticError, error, hasErrors } from '../model/diagnostic.js';
import type { Manifest } from '../model/manifest.js';
import type { Project, Target } from '../model/project.js';
import { didYouMean } from '../model/suggest.js';
import { readBoundedBytesIfPresent, resolveRealPath } from '../platform/fs/files.js';
import { findFiles } from '../platform/fs/find-files.js';
import { readBoundedSync } from '../platform/fs/read-files.js';
import { vendors } from '../vendors/index.generated.js';
import { allowedFiles } from './allowed-files.js';
import { findViolations, readPolicy } from './policy.js';
import type { Permissions, RunContext, RunOptions } from './run-context.js';

export interface Workspace {
  project: Project;
  targets: Target[];
  /** All valid manifests of the selected targets. */
  manifests: Manifest[];
  diagnostics: Diagnostic[];
}

/** A workspace without mistakes that needs no permission it does not have: the start of plan and apply. */
export async function loadValidWorkspace(
  options: Pick<RunOptions, 'config' | 'target'> & Permissions,
  { cwd, env }: RunContext,
): Promise<Workspace> {
  const allowed = allowedFiles(env, options);
  const workspace = await loadWorkspace(cwd, options.config, options.target, allowed);
  if (hasErrors(workspace.diagnostics)) throw new DiagnosticError(...workspace.diagnostics);
  await requirePermissions(workspace, options, env);
  return workspace;
}

/** A project and its selected targets, for a command that needs no manifest. Throws `DiagnosticError`. */
export async function loadAllowedProject(
  options: Pick<RunOptions, 'config' | 'target'> & Permissions,
  { cwd, env }: RunContext,
): Promise<Pick<Workspace, 'project' | 'targets'>> {
  const { project } = await openProjectFile(cwd, options.config, allowedFiles(env, options));
  const targets = selectTargets(project, options.target);
  await requirePermissions({ project, targets, manifests: [] }, options, env);
  return { project, targets };
}

async function requirePermissions(
  { project, targets, manifests }: Omit<Workspace, 'diagnostics'>,
  options: Permissions,
  env: RunContext['env'],
): Promise<void> {
  const policy = readPolicy(env, options);
  const real = policy.ci ? await withRealFiles(project, targets) : { project, targets };
  const forbidden = findViolations(real.project, real.targets, manifests, vendors, policy);
  if (forbidden.length > 0) throw new DiagnosticError(...forbidden);
}

/** The same with links followed, as far as they lead anywhere: a link is an easy way out of the project. */
async function withRealFiles(
  project: Project,
  targets: readonly Target[],
): Promise<{ project: Project; targets: Target[] }> {
  const real = (path: string) => resolveRealPath(path).catch(() => path);
  const [folder, allowed] = await Promise.all([
    real(project.folder),
    Promise.all((project.allowedFiles ?? []).map(real)),
  ]);
  const followed = targets.map(async (target) => ({
    ...target,
    ...(target.caFile !== undefined && { caFile: await real(target.caFile) }),
  }));
  const allowedFiles = [...(project.allowedFiles ?? []), ...allowed];
  return { project: { ...project, folder, allowedFiles }, targets: await Promise.all(followed) };
}

/** Reads a project and all its manifests. Mistakes in manifests are returned, all at once. */
export async function loadWorkspace(
  cwd: string,
  config: string,
  only: readonly string[],
  allowed: readonly string[],
): Promise<Workspace> {
  const { project, warnings } = await openProjectFile(cwd, config, allowed);
  const targets = selectTargets(project, only);
  const files = await findFiles(project.folder, project.manifests);
  if (files.length === 0) throw noManifests(project);
  const { manifests, diagnostics } = readManifests(
    // Read one after the other: the bytes of all of them at once would be memory for nothing.
    files.map((file) => ({ file, bytes: () => readBoundedSync(project.folder, file) })),
    project,
    vendors,
  );
  const names = new Set(targets.map(({ name }) => name));
  const selected = manifests.filter(({ target }) => names.has(target));
  return { project, targets, manifests: selected, diagnostics: [...warnings, ...diagnostics] };
}

/** Reads a project file alone, to be looked at: it may name any file, and none is opened. Throws `DiagnosticError`. */
export async function loadProject(cwd: string, config: string): Promise<Project> {
  return (await openProjectFile(cwd, config, ['/'])).project;
}

async function openProjectFile(
  cwd: string,
  config: string,
  allowedFiles: readonly string[],
): Promise<{ project: Project; warnings: Diagnostic[] }> {
  const path = resolve(cwd, config);
  const bytes = await readConfig(path, config);
  const { project, diagnostics } = readProject(
    bytes,
    { file: basename(path), folder: dirname(path), allowedFiles },
    vendors,
  );
  if (project === undefined) throw new DiagnosticError(...diagnostics);
  return { project, warnings: diagnostics };
}

async function readConfig(path: string, config: string): Promise<Uint8Array> {
  const bytes = await readBoundedBytesIfPresent(path, {
    display: `the project file ${config}`,
    code: 'project',
  });
  if (bytes !== undefined) return bytes;
  throw new DiagnosticError(
    error('project', `no project file: ${basename(path)} does not exist in ${dirname(path)}`, {
      detail: 'Create it, run llmform in the folder that has it, or name another one with --config FILE.',
    }),
  );
}

function selectTargets(project: Project, only: readonly string[]): Target[] {
  const known = project.targets.map(({ name }) => name);
  const wrong = only.filter((name) => !known.includes(name));
  if (wrong.length > 0) {
    throw new DiagnosticError(
      ...wrong.map(
        (name): Diagnostic =>
          error('unknown', `the project has no target ${JSON.stringify(name)}`, {
            detail: `${didYouMean(name, known)}Its targets: ${known.join(', ')}.`,
            file: project.file,
          }),
      ),
    );
  }
  return only.length === 0 ? project.targets : project.targets.filter(({ name }) => only.includes(name));
}

function noManifests(project: Project): DiagnosticError {
  return new DiagnosticError(
    error(
      'file',
      `no manifests found: nothing matches ${project.manifests.map((glob) => JSON.stringify(glob)).join(', ')}`,
      {
        detail: `Write a manifest there, or change "manifests" in ${join(project.folder, project.file)}: its patterns are relative to that file.`,
        file: project.file,
      },
    ),
  );
}
