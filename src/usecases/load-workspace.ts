import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { readProject } from '../manifest/project/read-project.js';
import { readManifests } from '../manifest/read-manifests.js';
import type { Position } from '../manifest/yaml/position.js';
import { type Diagnostic, DiagnosticError, error, hasErrors } from '../model/diagnostic.js';
import type { Manifest } from '../model/manifest.js';
import type { Project, Target } from '../model/project.js';
import type { Statements } from '../model/statements.js';
import { didYouMean } from '../model/suggest.js';
import { describeUnseen, explainHint, type Unseen } from '../model/unseen.js';
import { type FileLabel, readBoundedBytesIfPresent, resolveRealPath } from '../platform/fs/files.js';
import { requireInside } from '../platform/fs/inside-folder.js';
import { readBoundedSync } from '../platform/fs/read-files.js';
import { vendors } from '../vendors/index.generated.js';
import { allowedFiles } from './allowed-files.js';
import { findManifests } from './find-manifests.js';
import { findViolations, readPolicy } from './policy.js';
import type { Permissions, RunContext, RunOptions } from './run-context.js';

export interface Workspace {
  project: Project;
  targets: Target[];
  /** All valid manifests of the selected targets. */
  manifests: Manifest[];
  /** Of the whole project. */
  statements: Statements;
  diagnostics: Diagnostic[];
  /** Manifests that may be there and could not be seen. */
  unseen: Unseen[];
  /** The commit that project file and manifests are of, where they are not those that lie here. */
  at?: string;
}

/** The surroundings that a workspace is loaded in. */
export interface LoadContext extends Pick<RunContext, 'cwd' | 'env'> {
  /** Files and folders that a checkout left out, by paths from `cwd` on. */
  missing?: readonly Unseen[] | undefined;
}

/** A workspace without mistakes that needs no permission it does not have: the start of plan and apply. */
export async function loadValidWorkspace(
  options: Pick<RunOptions, 'config' | 'target'> & Permissions,
  context: LoadContext,
): Promise<Workspace> {
  const { env } = context;
  const allowed = allowedFiles(env, options);
  const workspace = await loadWorkspace(context, options.config, options.target, allowed);
  await requireValid(workspace, options, env);
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

/** Throws `DiagnosticError` for a workspace with mistakes, or one that needs a permission that it does not have. */
export async function requireValid(
  workspace: Workspace,
  options: Permissions,
  env: RunContext['env'],
): Promise<void> {
  // A reference to nothing may well lead to what was not seen.
  if (hasErrors(workspace.diagnostics)) throw new DiagnosticError(...workspaceFindings(workspace));
  await requirePermissions(workspace, options, env);
}

async function requirePermissions(
  { project, targets, manifests }: Pick<Workspace, 'project' | 'targets' | 'manifests'>,
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
  context: LoadContext,
  config: string,
  only: readonly string[],
  allowed: readonly string[],
): Promise<Workspace> {
  const { cwd, missing = [] } = context;
  const { project, warnings, locate } = await openProjectFile(cwd, config, allowed);
  const targets = selectTargets(project, only);
  const found = await findManifests(
    project,
    context,
    (index) => locate(`/manifests/${index}`),
    missingFrom(project.folder, cwd, missing),
  );
  if (found.files.length === 0) throw noManifests(project, found.unseen);
  const unread = new Map<string, Unseen>();
  const { manifests, statements, diagnostics } = readManifests(
    // Read one after the other: the bytes of all of them at once would be memory for nothing.
    found.files.map((file) => ({ file, bytes: () => readNext(project.folder, file, unread) })),
    project,
    vendors,
  );
  const names = new Set(targets.map(({ name }) => name));
  const selected = manifests.filter(({ target }) => names.has(target));
  return {
    project,
    targets,
    manifests: selected,
    statements,
    diagnostics: [...warnings, ...diagnostics],
    unseen: [...found.unseen, ...unread.values()],
  };
}

function readNext(folder: string, file: string, unread: Map<string, Unseen>): Uint8Array | undefined {
  const read = readBoundedSync(folder, file);
  if ('bytes' in read) return read.bytes;
  unread.set(file, read.unseen);
  return undefined;
}

/** All findings of a workspace: those in its files, and warnings about what could not be seen. */
export function workspaceFindings({ diagnostics, unseen }: Workspace): Diagnostic[] {
  return [...diagnostics, ...describeUnseen(unseen, 'warning')];
}

/**
 * The findings of a workspace that is about to be planned. Throws `DiagnosticError` where objects without a manifest would
 * be deleted and not every manifest could be seen.
 */
export function requireSeen(workspace: Workspace, { prune }: Pick<RunOptions, 'prune'>): Diagnostic[] {
  if (prune && workspace.unseen.length > 0)
    throw new DiagnosticError(...describeUnseen(workspace.unseen, 'error'));
  return workspaceFindings(workspace);
}

/** The same places, by paths from the project's folder on; without those outside of it. */
function missingFrom(folder: string, cwd: string, missing: readonly Unseen[]): Unseen[] {
  return missing.flatMap((one) => {
    const place = relative(folder, resolve(cwd, one.place)).replaceAll(sep, '/');
    return place === '' || place.startsWith('../') ? [] : [{ ...one, place }];
  });
}

/** Reads a project file alone, to be looked at: it may name any file, and none is opened. Throws `DiagnosticError`. */
export async function loadProject(cwd: string, config: string): Promise<Project> {
  return (await openProjectFile(cwd, config, ['/'])).project;
}

async function openProjectFile(
  cwd: string,
  config: string,
  allowedFiles: readonly string[],
): Promise<{ project: Project; warnings: Diagnostic[]; locate: (pointer: string) => Position }> {
  const path = resolve(cwd, config);
  const label = { display: `the project file ${config}`, code: 'project' } as const;
  await requireInside(path, dirname(path), label);
  const bytes = await readConfig(path, label);
  const { project, diagnostics, locate } = readProject(
    bytes,
    { file: basename(path), folder: dirname(path), allowedFiles },
    vendors,
  );
  if (project === undefined) throw new DiagnosticError(...diagnostics);
  return { project, warnings: diagnostics, locate };
}

async function readConfig(path: string, label: FileLabel): Promise<Uint8Array> {
  const bytes = await readBoundedBytesIfPresent(path, label);
  if (bytes !== undefined) return bytes;
  throw new DiagnosticError(
    error('project', `no project file: ${basename(path)} does not exist in ${dirname(path)}`, {
      detail: 'Create it, run llmform in the folder that has it, or name another one with --config FILE.',
    }),
  );
}

function selectTargets(project: Project, only: readonly string[]): Target[] {
  requireTargets(project, only);
  return only.length === 0 ? project.targets : project.targets.filter(({ name }) => only.includes(name));
}

/** Refuses names of targets that a project does not have. Throws `DiagnosticError`. */
export function requireTargets(project: Project, only: readonly string[]): void {
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
}

function noManifests(project: Project, unseen: readonly Unseen[]): DiagnosticError {
  const hints = unseen.flatMap((one) => (one.what === 'pattern' ? [explainHint(one.hint)] : []));
  const others = unseen.filter(({ what }) => what !== 'pattern');
  const advice = `Write a manifest there, or change "manifests" in ${join(project.folder, project.file)}: its patterns are relative to that file.`;
  return new DiagnosticError(
    error(
      'file',
      `no manifests found: nothing matches ${project.manifests.map((glob) => JSON.stringify(glob)).join(', ')}`,
      { detail: [...new Set(hints), advice].join(' '), file: project.file },
    ),
    ...describeUnseen(others, 'warning'),
  );
}
