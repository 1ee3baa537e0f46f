import { hostname } from 'node:os';
import { type FileLabel, fileError } from './files.js';
import { acquireLock, findHolder, type LockFile } from './lock-file.js';
import { isElsewhere, type LockHolder } from './lock-holder.js';

/** Takes a lock, or says in a sentence who holds it. Throws `DiagnosticError` where its file cannot be written. */
export function takeLock(path: string, label: FileLabel = {}): { lock: LockFile } | { heldBy: string } {
  let taken: ReturnType<typeof acquireLock>;
  try {
    taken = acquireLock(path);
  } catch (error) {
    throw fileError('write', path, error, label);
  }
  return 'lock' in taken ? taken : { heldBy: describeHolder(taken.holder) };
}

/** The holder of a lock that is held, in a sentence; undefined where it is free. */
export function describeLockHolder(path: string): string | undefined {
  const holder = findHolder(path);
  return holder && describeHolder(holder);
}

function describeHolder(holder: LockHolder | undefined): string {
  if (holder === undefined) return 'The lock file does not say which process.';
  const container = holder.host === hostname() && isElsewhere(holder) ? ', in another container' : '';
  return `It is process ${holder.pid} on ${holder.host}${container}, since ${holder.since}.`;
}
