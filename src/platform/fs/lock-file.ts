import { linkSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readForeignJson } from '../../model/foreign-json.js';
import { errorCodeOf } from './files.js';
import { createHolder, isGone, type LockHolder, RENEW_EVERY_MS } from './lock-holder.js';
import { validate } from './lock-holder.schema.generated.js';
import { removeLeftovers, temporaryPath } from './temporary-file.js';

const MAX_ATTEMPTS = 50;

export interface LockFile {
  /** Tells whether the file is still ours: it may have been deleted by hand. */
  held(): boolean;
  release(): void;
}

/**
 * Takes the lock, or says who holds it; `undefined` as the holder means that the file does not say. A lock of
 * a process of this host that is gone is taken over. Throws the file system's errors. Everything is done in
 * one go, without giving way to other work, so that a half-written lock is hardly ever there to be seen.
 */
export function acquireLock(path: string): { lock: LockFile } | { holder: LockHolder | undefined } {
  const own = createHolder();
  // A lock that is gone, or not whole yet, is settled an instant later, unless something is really wrong.
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    if (createExclusively(path, own)) {
      removeLeftovers(path);
      removeDeadClaims(path);
      return { lock: holding(path, own) };
    }
    const found = readHolder(path);
    if (found === 'gone' || found === 'unclear') continue;
    if (!isGone(path, found) || !removeDead(path, found, own)) return { holder: found };
  }
  return { holder: undefined };
}

/** The holder of a lock as long as it lives; undefined where the lock is free, or its file does not say. */
export function findHolder(path: string): LockHolder | undefined {
  const found = readHolder(path);
  return typeof found === 'object' && !isGone(path, found) ? found : undefined;
}

function holding(path: string, own: LockHolder): LockFile {
  const held = () => isHeldBy(path, own);
  const renewing = setInterval(() => {
    if (held()) renew(path);
  }, RENEW_EVERY_MS);
  // A lock alone keeps no process going.
  renewing.unref();
  const release = () => {
    clearInterval(renewing);
    process.off('exit', release);
    if (held()) rmSync(path, { force: true });
  };
  process.on('exit', release);
  return { held, release };
}

/** Says that the holder still lives, to processes that cannot see it. */
function renew(path: string): void {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // The lock was removed, or the disk is read-only by now: the next save says so.
  }
}

/**
 * Removes the lock of a dead process. A taker must first create the claim that is named after the lock's
 * token, which only one can. So a process that read the dead lock long ago cannot remove the lock of its successor:
 * a token that is gone never comes back. A claim whose process died at it is removed in the same way. False when
 * another process is at it.
 */
function removeDead(path: string, dead: LockHolder, own: LockHolder): boolean {
  const claim = `${path}.${dead.token}`;
  if (!createExclusively(claim, own)) {
    if (!isHeldBy(path, dead)) return true;
    const claimant = readHolder(claim);
    if (typeof claimant !== 'object') return claimant === 'gone';
    return isGone(claim, claimant) && removeDead(claim, claimant, own);
  }
  if (isHeldBy(path, dead)) rmSync(path, { force: true });
  rmSync(claim, { force: true });
  return true;
}

/** Claims on locks that are gone, of processes that died between removing the lock and removing the claim. */
function removeDeadClaims(path: string): void {
  const start = `${basename(path)}.`;
  try {
    for (const name of readdirSync(dirname(path))) {
      if (!name.startsWith(start) || !/^[0-9a-f]+$/.test(name.slice(start.length))) continue;
      const claim = join(dirname(path), name);
      const claimant = readHolder(claim);
      if (typeof claimant === 'object' && isGone(claim, claimant)) rmSync(claim, { force: true });
    }
  } catch {
    // Dead claims block no process, and the next process that takes the lock tries again.
  }
}

/** The file appears with its whole content: a process that dies half-way leaves no unreadable lock. */
function createExclusively(path: string, own: LockHolder): boolean {
  const draft = temporaryPath(path);
  const text = `${JSON.stringify(own)}\n`;
  try {
    // On a full disk it is made, and stays empty.
    writeFileSync(draft, text, { mode: 0o644 });
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (errorCodeOf(error) === 'EEXIST') return false;
    if (!NO_LINKS.has(errorCodeOf(error))) throw error;
    return writtenExclusively(path, text);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** The error codes of file systems without hard links. */
const NO_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

function writtenExclusively(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx', mode: 0o644 });
    return true;
  } catch (error) {
    if (errorCodeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function isHeldBy(path: string, holder: LockHolder): boolean {
  const found = readHolder(path);
  return typeof found === 'object' && found.token === holder.token;
}

function readHolder(path: string): LockHolder | 'gone' | 'unclear' {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return 'gone';
    throw error;
  }
  const read = readForeignJson<LockHolder>(text, validate);
  return 'value' in read ? read.value : 'unclear';
}
