import { resolve } from 'node:path';
import type { Manifest } from '../../model/manifest.js';
import type { LedgerStore } from '../../model/ports.js';
import type { Project } from '../../model/project.js';
import { loadValidWorkspace, requireSeen, type Workspace } from '../../usecases/load-workspace.js';
import { openLedger, waitInTime } from '../../usecases/open-effects.js';
import type { Permissions, RunContext, RunOptions } from '../../usecases/run-context.js';
import type { Snapshot } from '../source/source.js';
import type { WatchSettings } from '../state/settings.js';
import { shareLedger } from './shared-ledger.js';

/** The active project: the last one without mistakes. */
export interface ActiveProject {
  snapshot: Snapshot;
  workspace: Workspace;
  settings: WatchSettings;
  /** Shared by the runs of all targets. */
  ledger: LedgerStore;
}

export interface ProjectLoading {
  context: RunContext;
  options: Pick<RunOptions, 'target'> & Permissions;
  settingsOf(project: Project): WatchSettings;
  /** How to wait for a ledger that another apply holds; default: not at all. */
  lockWait?: Parameters<typeof waitInTime>[1];
}

/** Loads a snapshot. A ledger that is where it was stays the same store. Throws `DiagnosticError`. */
export async function loadActiveProject(
  snapshot: Snapshot,
  { context, options, settingsOf, lockWait }: ProjectLoading,
  before?: ActiveProject,
): Promise<ActiveProject> {
  const { cwd, config, missing, ledgerFolder } = snapshot;
  const loaded = await loadValidWorkspace({ ...options, config }, { ...context, cwd, missing });
  const project = withLedgerIn(ledgerFolder, loaded.project);
  const workspace = { ...loaded, project };
  const settings = settingsOf(project);
  // The project before has all its manifests, and goes on being healed.
  requireSeen(workspace, settings);
  const { env, mask } = context;
  const same = before !== undefined && placeOf(before.workspace.project) === placeOf(project);
  const open = () => {
    const store = openLedger(project, { env, clean: mask?.clean });
    return shareLedger(lockWait === undefined ? store : waitInTime(store, lockWait), project.name);
  };
  const ledger = same ? before.ledger : open();
  return { snapshot, workspace, settings, ledger };
}

/** A checkout is thrown away with everything in it, so a ledger that is a file lives elsewhere. */
function withLedgerIn(folder: string | undefined, project: Project): Project {
  if (folder === undefined || project.ledger.type !== 'file') return project;
  const path = resolve(folder, project.ledger.path);
  return { ...project, ledger: { type: 'file', path, root: folder } };
}

/** A ledger in a file is known by its path alone; one in git by the repository as well. */
function placeOf({ folder, ledger, name }: Project): string {
  const place = ledger.type === 'file' ? [resolve(folder, ledger.path)] : [folder, ...Object.values(ledger)];
  return JSON.stringify([name, ...place]);
}

/** A workspace with one of its targets and that target's manifests. */
export function workspaceForTarget(
  { project, targets, manifests, statements }: Workspace,
  name: string,
): Workspace {
  return {
    project,
    statements,
    targets: targets.filter((target) => target.name === name),
    manifests: manifests.filter(({ target }) => target === name),
    diagnostics: [],
    unseen: [],
  };
}

/** Settings that were changed and count from the next start on: the page goes on with what it was opened with. */
export function settingsNeedingRestart(before: WatchSettings, after: WatchSettings): string[] {
  const names = ['listen', 'url', 'webhookSecret', 'uiToken'] as const;
  return names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}

/** Addresses whose manifest is not what it was. */
export function changedAddresses(before: Workspace, after: Workspace): Set<string> {
  const texts = (manifests: readonly Manifest[]) =>
    new Map(manifests.map(({ source: _, ...manifest }) => [manifest.address, JSON.stringify(manifest)]));
  const [old, now] = [texts(before.manifests), texts(after.manifests)];
  return new Set([...old.keys(), ...now.keys()].filter((address) => old.get(address) !== now.get(address)));
}
