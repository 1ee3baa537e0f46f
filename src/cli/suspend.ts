import { join } from 'node:path';
import { DiagnosticError, error, warning } from '../model/diagnostic.js';
import type { Project } from '../model/project.js';
import { didYouMean } from '../model/suggest.js';
import { onOneLine } from '../model/text.js';
import type { Terminal } from '../platform/process/terminal.js';
import { loadProject } from '../usecases/load-workspace.js';
import { readLastGood } from '../watch/source/last-good.js';
import { stateFolderOf } from '../watch/source/open-source.js';
import { readSuspensions, resumeTarget, suspendTarget, suspensionsFile } from '../watch/state/suspensions.js';
import { EXIT, printDiagnostics } from './output.js';

export interface SuspendFlags {
  config: string;
  stateDir?: string;
  reason?: string;
  color: boolean;
}

/** `llmform suspend TARGET`: a running watch leaves it alone from its next run on. */
export async function runSuspend(target: string, flags: SuspendFlags, terminal: Terminal): Promise<number> {
  const folder = await stateFolderOf({ ...terminal, ...flags });
  const known = await readSuspensions(folder);
  await requireKnownTarget(target, Object.keys(known), folder, flags, terminal);
  const suspended = (await suspendTarget(folder, target, flags.reason))[target];
  const reason = suspended?.reason === undefined ? '' : ` (${onOneLine(suspended.reason)})`;
  terminal.out(`${target} is suspended since ${suspended?.since}${reason}.\n`);
  const file = suspensionsFile(folder);
  terminal.err(
    `A watch that keeps its state beside ${file} leaves it alone until: llmform resume ${target}\n`,
  );
  return EXIT.done;
}

/** `llmform resume TARGET`. */
export async function runResume(target: string, flags: SuspendFlags, terminal: Terminal): Promise<number> {
  const folder = await stateFolderOf({ ...terminal, ...flags });
  const known = await readSuspensions(folder);
  const project = await requireKnownTarget(target, Object.keys(known), folder, flags, terminal);
  if (Object.hasOwn(known, target)) {
    await resumeTarget(folder, target);
    terminal.out(`${target} is resumed.\n`);
  } else {
    terminal.out(`${target} was not suspended.\n`);
  }
  if (project?.targets.find(({ name }) => name === target)?.suspend) {
    terminal.err(`${project.file} suspends it as well: remove targets.${target}.suspend there.\n`);
  }
  return EXIT.done;
}

/** Stopping has to work when the project file is broken or elsewhere: then any name that could be one will do. */
async function requireKnownTarget(
  target: string,
  suspended: readonly string[],
  folder: string,
  flags: SuspendFlags,
  terminal: Terminal,
): Promise<Project | undefined> {
  const project = await projectOf(folder, flags, terminal);
  const names = [...new Set([...(project?.targets.map(({ name }) => name) ?? []), ...suspended])];
  if (names.includes(target)) return project;
  if (project === undefined && /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(target)) {
    const summary = `cannot check target ${JSON.stringify(target)}: the project file cannot be read`;
    printDiagnostics(terminal, { ...flags, logLevel: 'info' }, [warning('unknown', summary)]);
    return undefined;
  }
  throw new DiagnosticError(
    error('unknown', `there is no target ${JSON.stringify(target)} to suspend or resume`, {
      detail: `${didYouMean(target, names)}Targets: ${names.join(', ')}.`,
    }),
  );
}

/** Of a watch on git the last good commit, or else what lies here. */
async function projectOf(
  folder: string,
  { config }: SuspendFlags,
  { cwd }: Terminal,
): Promise<Project | undefined> {
  const good = await readLastGood(folder);
  const place =
    good === undefined ? { cwd, config } : { cwd: join(folder, 'commits', good.commit), config: good.config };
  return loadProject(place.cwd, place.config).catch((error: unknown) => {
    if (error instanceof DiagnosticError) return undefined;
    throw error;
  });
}
