import { type Diagnostic, error } from '../model/diagnostic.js';
import type { Terminal } from '../platform/process/terminal.js';
import { loadProject, type Workspace } from '../usecases/load-workspace.js';
import { stateFolderOf } from '../watch/source/open-source.js';
import { describeRunningWatch } from '../watch/source/state-lock.js';
import { readSuspensions } from '../watch/state/suspensions.js';
import type { CommonFlags } from './flags.js';

/**
 * An error where a watch on this machine would put today's manifests back over those of an earlier commit: it has to leave
 * the targets alone until git has gone back as well.
 */
export async function findUndoingWatch(
  { at, targets }: Workspace,
  { config }: Pick<CommonFlags, 'config'>,
  terminal: Pick<Terminal, 'cwd' | 'env'>,
): Promise<Diagnostic[]> {
  if (at === undefined) return [];
  const folder = await stateFolderOf({ ...terminal, config });
  const running = describeRunningWatch(folder);
  if (running === undefined) return [];
  const suspended = await readSuspensions(folder);
  const today = await loadProject(terminal.cwd, config);
  const isLeftAlone = (name: string) =>
    Object.hasOwn(suspended, name) || today.targets.some((one) => one.name === name && one.suspend);
  const open = targets.map(({ name }) => name).filter((name) => !isLeftAlone(name));
  if (open.length === 0) return [];
  return [
    error('rollback', `a running watch would undo this on ${open.join(', ')}`, {
      detail: `${running} It follows today's manifests. Suspend it first: ${open.map((name) => `llmform suspend ${name}`).join(' && ')}; then revert the commit, and resume it.`,
    }),
  ];
}
