import type { SeenVersion } from '../ledger/memory.js';
import { type Diagnostic, DiagnosticError, error } from '../model/diagnostic.js';
import { createRefusal } from '../model/exit-error.js';
import type { Ledger } from '../model/ledger.js';
import type { LedgerLock, LedgerStore, Secrets } from '../model/ports.js';
import type { LedgerPlace, Project } from '../model/project.js';
import { findMergeFault } from './ledger-copies.js';
import { findNewer } from './ledger-custody.js';
import { describePlace, isSamePlace } from './ledger-place.js';
import { findSignatureFault, resolveLedgerKey } from './ledger-signature.js';
import { otherProject, refuseMoved } from './read-ledger.js';
import { findSightings, rememberLedger, type SeenSettings } from './seen-ledgers.js';

/** The changes to a ledger as a whole that are asked for. */
export interface MigrationOptions {
  /** The place to carry it over from; undefined leaves it where it is. */
  from?: LedgerPlace | undefined;
  /** Signs it with the project's key, in place of any signature. */
  sign: boolean;
  /** Writes it without a signature. */
  unsign: boolean;
  /** Takes it for the newest, although a newer one was seen. */
  acceptOlder: boolean;
}

/** A migration as it is shown and approved. */
export interface Migration {
  from: LedgerPlace;
  to: LedgerPlace;
  /** Of the ledger before, without what changes. */
  ledger: Ledger;
  signature: 'added' | 'removed' | 'kept';
  /** The newer version that is given up. */
  givenUp?: SeenVersion;
}

export interface MigrationRequest extends SeenSettings {
  project: Project;
  options: MigrationOptions;
  secrets: Pick<Secrets, 'resolve'>;
  openAt(place: LedgerPlace): LedgerStore;
  /** Sees it before anything is written, and throws to refuse it. */
  approve(migration: Migration): Promise<void>;
}

export interface Migrated extends Migration {
  /** The serial of the ledger now. */
  serial: number;
  /** Of the time after the locks were given back. */
  warnings: Diagnostic[];
}

/**
 * Carries a ledger over to the place that the project file names, and leaves the old one marked as moved; or writes the one
 * in place anew, to sign it or to take it for the newest. Throws `DiagnosticError`.
 */
export async function migrateLedger(request: MigrationRequest): Promise<Migrated> {
  const { project, options, openAt } = request;
  const to = project.ledger;
  const from = options.from ?? to;
  const moves = options.from !== undefined;
  if (options.sign && project.ledgerKey === undefined) throw noKey(project);
  if (options.unsign && project.ledgerKey !== undefined) throw stillKey(project);
  if (moves && isSamePlace(from, to, project.folder)) throw samePlace(to, project);
  if (moves && from.type === 'git' && to.type === 'git' && from.ref === to.ref && from.remote === to.remote)
    throw sameRef(to.ref, project);
  const stores = { from: openAt(from), to: openAt(to) };
  // Both are locked: a run that holds either one is still at work on it.
  const lock = await stores.to.lock();
  const warnings: Diagnostic[] = [];
  try {
    const oldLock = moves ? await stores.from.lock() : undefined;
    const outcome = `llmform ledger migrate: from ${describePlace(from)} to ${describePlace(to)}\n`;
    try {
      return { ...(await carryOut(request, from, stores, lock, oldLock)), warnings };
    } finally {
      warnings.push(...((await oldLock?.release(outcome)) ?? []));
    }
  } finally {
    warnings.push(...(await lock.release('llmform ledger migrate\n')));
  }
}

async function carryOut(
  request: MigrationRequest,
  from: LedgerPlace,
  stores: Record<'from' | 'to', LedgerStore>,
  lock: LedgerLock,
  oldLock: LedgerLock | undefined,
): Promise<Omit<Migrated, 'warnings'>> {
  const { project, options, secrets, approve } = request;
  const at = { ...project, ledger: from };
  const left = await stores.from.read();
  const there = oldLock === undefined ? undefined : await stores.to.read();
  if (left === undefined) throw noLedger(from, project);
  if (left.project !== project.name) throw createRefusal(otherProject(left, at));
  // A migration that was cut short goes on.
  const resumes = left.movedTo === describePlace(project.ledger) && oldLock !== undefined;
  if (!resumes) refuseMoved(left, at);
  const signature = await signatureChange(left, at, options, secrets);
  const sightings = await findSightings(at, request, true);
  const newer = findNewer(left, sightings);
  if (newer !== undefined && !options.acceptOlder) throw createRefusal(olderLeft(left, newer, at));
  const fault = there && findMergeFault(left, there, project);
  if (fault !== undefined) throw createRefusal(fault);
  const migration: Migration = {
    ...{ from, to: project.ledger, ledger: left, signature },
    ...(newer !== undefined && { givenUp: newer }),
  };
  await approve(migration);
  const { movedTo: _, ...kept } = left;
  const sameLineage = there?.lineage === left.lineage ? there.serial : 0;
  const carried = { ...kept, serial: Math.max(left.serial, sameLineage, newer?.serial ?? 0) };
  await lock.save(carried);
  if (!resumes) await oldLock?.save({ ...left, movedTo: describePlace(project.ledger) });
  await rememberLedger(project, carried, { ...sightings, scanned: [] });
  return { ...migration, serial: carried.serial };
}

/** Refuses a ledger whose signature does not fit, unless the signature is to change. */
async function signatureChange(
  left: Ledger,
  project: Project,
  { sign, unsign }: MigrationOptions,
  secrets: Pick<Secrets, 'resolve'>,
): Promise<Migration['signature']> {
  const { ledgerKey } = project;
  if (unsign) return 'removed';
  if (sign && ledgerKey !== undefined) {
    await resolveLedgerKey(ledgerKey, project, secrets);
    return 'added';
  }
  const faults = await findSignatureFault(left, project, 'apply', secrets);
  if (faults.length > 0) throw createRefusal(...faults);
  return 'kept';
}

function olderLeft({ serial }: Ledger, newer: SeenVersion, project: Project): Diagnostic {
  return error(
    'ledger',
    `the ledger ${describePlace(project.ledger)} is older than one that this clone has seen: its serial is ${serial}, and was ${newer.serial}`,
    {
      detail: 'Bring the newer one back first, or go on with this one: --accept-older.',
      file: project.file,
    },
  );
}

function samePlace(place: LedgerPlace, { file }: Project): DiagnosticError {
  return new DiagnosticError(
    error('usage', `the project file already keeps the ledger at ${describePlace(place)}`, {
      detail: 'Write the new place into the project file, and name the old one with --from.',
      file,
    }),
  );
}

function sameRef(ref: string, { file }: Project): DiagnosticError {
  return new DiagnosticError(
    error('usage', `both ledgers are on the ref ${ref}, which has one lock for all of them`, {
      detail: 'Carry it over to a file first, and from there to its new path.',
      file,
    }),
  );
}

function noLedger(from: LedgerPlace, { file }: Project): DiagnosticError {
  return new DiagnosticError(
    error('ledger', `there is no ledger at ${describePlace(from)}`, {
      detail: 'Name its place as file:PATH or git:REF.',
      file,
    }),
  );
}

function noKey({ file }: Project): DiagnosticError {
  return new DiagnosticError(
    error('project', 'the project file names no key to sign the ledger with', {
      detail: 'Write `key: { fromEnv: NAME }` under `ledger`.',
      file,
    }),
  );
}

function stillKey({ file }: Project): DiagnosticError {
  return new DiagnosticError(
    error('project', 'the project file still names a key for the ledger', {
      detail: 'Remove `key` under `ledger` first: with a key, an unsigned ledger is refused.',
      file,
    }),
  );
}
