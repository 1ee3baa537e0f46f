import { resolve } from 'node:path';
import { type LockWait, openFileLedger, openGitLedger, waitForLock } from '../ledger/index.js';
import { defined } from '../model/defined.js';
import type { Clock, EnginePorts, LedgerStore, OnWait, Ports, Secrets } from '../model/ports.js';
import type { LedgerPlace, Project, Target } from '../model/project.js';
import type { Vendor } from '../model/vendor.js';
import type { VendorError } from '../model/vendor-error.js';
import { type GitLimits, openGit } from '../platform/git/git.js';
import { type AnsweredRequest, openClient, openReader } from '../platform/http/client.js';
import { systemClock } from '../platform/process/clock.js';
import { createDigests } from '../platform/secrets/digest.js';
import type { Mask } from '../platform/secrets/mask.js';
import { createSeals } from '../platform/secrets/seal.js';
import { openSecrets } from '../platform/secrets/secrets.js';
import { vendors } from '../vendors/index.generated.js';
import { type LedgerCustody, openCustody } from './ledger-custody.js';
import { resolveLedgerKey } from './ledger-signature.js';
import type { RunContext } from './run-context.js';

/** The ports of one run on one project, and the vendors that it knows. */
export interface Effects extends Ports, Pick<EnginePorts, 'clock' | 'stop' | 'onWait' | 'waitedOut'> {
  vendors: readonly Vendor[];
  /** Judges the ledger that was read; absent where the caller keeps it. */
  custody?: LedgerCustody;
}

export interface EffectSettings {
  /** Hears of every request that was sent, for counting. */
  onAnswer?: ((target: Target, answer: AnsweredRequest) => void) | undefined;
  /**
   * Hears that a run waits long: for a target that is down, for its limit, or until it shows what was written. Returns what
   * is told, at the end, whether it did.
   */
  onWait?: OnWait | undefined;
  /** Ends all such waiting when it fires. */
  stop?: AbortSignal | undefined;
  /** How long a target may be down, once it has answered; default: 2 minutes. */
  patienceMs?: number | undefined;
  /** How to wait for a ledger that another apply holds; default: not at all. */
  lockWait?: Pick<LockWait, 'timeoutMs' | 'onWait'> | undefined;
  /** The folder for what outlives a run, where the project's folder does not; default: the clone's or the user's. */
  stateFolder?: string | undefined;
  /** Ports that take the place of those for Node. */
  ports?: Partial<Ports>;
}

/** The ports for Node, put together for one project, and where `ports` has one, that one. */
export function openEffects(
  project: Project,
  { env, mask, onSecret, clock }: RunContext,
  { onAnswer, onWait, stop, patienceMs, lockWait, stateFolder, ports = {} }: EffectSettings = {},
): Effects {
  const allowed = defined({ allowedFiles: project.allowedFiles });
  const secrets = ports.secrets ?? openSecrets(project.folder, { env, mask, onSecret, ...allowed });
  const settings = (target: Target) => ({
    clean: secrets.clean,
    env,
    ...(clock && { clock }),
    ...(stop && { stop }),
    ...(patienceMs !== undefined && { patienceMs }),
    ...(onAnswer && { onAnswer: (answer: AnsweredRequest) => onAnswer(target, answer) }),
    ...(onWait && { onWait: (fault: VendorError) => onWait(target, fault) }),
  });
  const openAt = (place: LedgerPlace) =>
    openLedger({ ...project, ledger: place }, { env, clean: secrets.clean, secrets });
  const ledger = ports.ledger ?? openAt(project.ledger);
  return {
    vendors,
    secrets,
    clock: clock ?? systemClock,
    waitedOut: new Set(),
    ...(stop && { stop }),
    ...(onWait && { onWait }),
    digests: ports.digests ?? createDigests,
    seals: ports.seals ?? createSeals,
    ...(ports.ledger === undefined && {
      custody: openCustody(project, { env, secrets, openAt, stateFolder }),
    }),
    ledger: lockWait === undefined ? ledger : waitInTime(ledger, { ...lockWait, stop, clock }),
    reader:
      ports.reader ??
      ((target, vendor, credential) => openReader(target, vendor, credential, settings(target))),
    client:
      ports.client ??
      ((target, vendor, credential) => openClient(target, vendor, credential, settings(target))),
  };
}

/** A store whose lock is waited for, by the system's clock where none is given. */
export function waitInTime(
  store: LedgerStore,
  {
    stop = new AbortController().signal,
    clock = systemClock,
    ...wait
  }: Pick<LockWait, 'timeoutMs' | 'onWait'> & { stop?: AbortSignal | undefined; clock?: Clock | undefined },
): LedgerStore {
  return waitForLock(store, { ...wait, stop, clock });
}

/** The surroundings of a ledger. */
interface OpeningLedger extends Pick<RunContext, 'env'>, Pick<GitLimits, 'clean'> {
  mask?: Mask | undefined;
  /** Those of the run; default: the store's own. */
  secrets?: Pick<Secrets, 'resolve'>;
}

/** The store that a project names, which signs what it saves where the project has a key. */
export function openLedger(project: Project, { env, clean, mask, secrets }: OpeningLedger): LedgerStore {
  const { folder, ledger, ledgerKey, allowedFiles } = project;
  const key =
    ledgerKey &&
    (async () => {
      if (secrets !== undefined) return resolveLedgerKey(ledgerKey, project, secrets);
      // A store that outlives the secrets of a run: the key may be another one by the next save.
      const own = openSecrets(folder, { env, mask, ...defined({ allowedFiles }) });
      return resolveLedgerKey(ledgerKey, project, own).finally(own.release);
    });
  if (ledger.type === 'git') return openGitLedger(openGit(folder, env, { clean }), ledger, env, key);
  const { path, root = folder } = ledger;
  return openFileLedger(resolve(folder, path), path, { root, key });
}
