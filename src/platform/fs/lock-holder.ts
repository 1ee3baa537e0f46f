import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import { isInitialNamespace, processNamespace } from './process-namespace.js';
import { isOfThisBoot, isSameProcess, processStartTime } from './process-start-time.js';

/** The holder of a lock, as its file says. */
export interface LockHolder {
  pid: number;
  host: string;
  /** ISO 8601. */
  since: string;
  /** Tells this process from a later one with the same number, where the system can. */
  birth?: string;
  /** The namespace that the number belongs to, where the system has them: each container has its own. */
  namespace?: string;
  /** Distinguishes this lock from every other one, also of the same process. */
  token: string;
}

/** This process as the holder of a new lock. */
export function createHolder(): LockHolder {
  const birth = processStartTime(process.pid);
  const namespace = processNamespace();
  return {
    pid: process.pid,
    ...(birth !== undefined && { birth }),
    ...(namespace !== undefined && { namespace }),
    host: hostname(),
    since: new Date().toISOString(),
    token: randomBytes(12).toString('hex'),
  };
}

/** A holder renews the time of its lock file this often, for those who cannot see its process. */
export const RENEW_EVERY_MS = 10_000;

/** A lock that was not renewed for so long has no holder any more. */
const SILENT_MS = 60_000;

/** The same where the clock may have been another machine's, or was set anew at a start of this one. */
const SILENT_ELSEWHERE_MS = 10 * 60_000;

/**
 * Tells if the holder of the lock file at `path` is gone. Only of processes on this host can we tell, and only of those in
 * this namespace by their number: another container may have the same host name, and its processes have other numbers
 * there. Such a holder is gone once it has stopped renewing its lock.
 */
export function isGone(path: string, holder: LockHolder): boolean {
  const { pid, host, since, birth } = holder;
  if (host !== hostname() || pid <= 0) return false;
  if (isElsewhere(holder)) {
    const age = Date.now() - lastRenewed(path);
    return age > (birth !== undefined && isOfThisBoot(birth) === true ? SILENT_MS : SILENT_ELSEWHERE_MS);
  }
  const still = birth === undefined ? undefined : isSameProcess(pid, birth);
  if (still !== undefined) return !still;
  // In a container that was killed and started again, the next process often gets the same number.
  if (pid === process.pid) return Date.parse(since) < Date.now() - process.uptime() * 1000;
  return !exists(pid);
}

/** Tells if the number of the holder's process means nothing here. */
export function isElsewhere({ host, namespace, birth }: LockHolder): boolean {
  if (host !== hostname()) return true;
  if (namespace === undefined) return false;
  if (namespace !== processNamespace()) return true;
  // Another machine may have given its container the same name and the same namespace. The first one has one name on all of them.
  return !isInitialNamespace(namespace) && birth !== undefined && isOfThisBoot(birth) === false;
}

function lastRenewed(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
