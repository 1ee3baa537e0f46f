import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, realpathSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { processNamespace } from './process-namespace.js';
import { processStartTime } from './process-start-time.js';

/**
 * A path beside a file for its next content. Its name says which process writes it, so that what a killed process
 * left behind can be told from what a living one is about to rename.
 */
export function temporaryPath(path: string): string {
  const name = `.${basename(path)}.${systemName()}-${process.pid}-${startOf(process.pid)}`;
  return join(dirname(path), `${name}-${randomBytes(6).toString('hex')}.tmp`);
}

/** Removes what processes of this system left of a file when they were killed. What cannot be removed stays. */
export function removeLeftovers(path: string): void {
  try {
    const target = realpathOr(path);
    const start = `.${basename(target)}.`;
    for (const name of readdirSync(dirname(target))) {
      if (!name.startsWith(start)) continue;
      const [, system, pid, since] = OWNER.exec(name.slice(start.length)) ?? [];
      if (system === systemName() && isGone(Number(pid), since))
        rmSync(join(dirname(target), name), { force: true });
    }
  } catch {
    // They do no harm where they are, and the next run tries again.
  }
}

const OWNER = /^([0-9a-f]{12})-([0-9]{1,10})-([0-9a-f]{12}|unknown)-[0-9a-f]{12}\.tmp$/;

function realpathOr(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Numbers of processes mean something within one host and one namespace, and containers may share a folder. */
function systemName(): string {
  return shortHash(`${hostname()}/${processNamespace() ?? ''}`);
}

function startOf(pid: number): string {
  const start = processStartTime(pid);
  return start === undefined ? 'unknown' : shortHash(start);
}

/** Where the system does not say when a process began, every process of that number counts as the same. */
function isGone(pid: number, since: string | undefined): boolean {
  const now = startOf(pid);
  if (now !== 'unknown' && since !== 'unknown') return now !== since;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
