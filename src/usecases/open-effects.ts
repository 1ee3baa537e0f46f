import { resolve } from 'node:path';
import { type LockWait, openFileLedger, openGitLedger, waitForLock } from '../ledger/index.js';
import { defined } from '../model/defined.js';
import type { Clock, EnginePorts, LedgerStore, OnWait, Ports } from '../model/ports.js';
import type { Project, Target } from '../model/project.js';
import type { Vendor } from '../model/vendor.js';
import type { VendorError } from '../model/vendor-error.js';
import { type GitLimits, openGit } from '../platform/git/git.js';
import { type AnsweredRequest, openClient, openReader } from '../platform/http/client.js';
import { systemClock } from '../platform/process/clock.js';
import { createDigests } from '../platform/secrets/digest.js';
import { createSeals } from '../platform/secrets/seal.js';
import { openSecrets } from '../platform/secrets/secrets.js';
import { vendors } from '../vendors/index.generated.js';
import type { RunContext } from './run-context.js';

/** The ports of one run on one project, and the vendors that it knows. */
export interface Effects extends Ports, Pick<EnginePorts, 'clock' | 'stop' | 'onWait'> {
  vendors: readonly Vendor[];
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
  /** Ports that take the place of those for Node. */
  ports?: Partial<Ports>;
}

/** The ports for Node, put together for one project, and where `ports` has one, that one. */
export function openEffects(
  project: Project,
  { env, mask, onSecret, clock }: RunContext,
  { onAnswer, onWait, stop, patienceMs, lockWait, ports = {} }: EffectSettings = {},
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
  const ledger = ports.ledger ?? openLedger(project, { env, clean: secrets.clean });
  return {
    vendors,
    secrets,
    clock: clock ?? systemClock,
    ...(stop && { stop }),
    ...(onWait && { onWait }),
    digests: ports.digests ?? createDigests,
    seals: ports.seals ?? createSeals,
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

/** The store that a project names. */
export function openLedger(
  { folder, ledger }: Project,
  { env, clean }: Pick<RunContext, 'env'> & Pick<GitLimits, 'clean'>,
): LedgerStore {
  if (ledger.type === 'git') return openGitLedger(openGit(folder, env, { clean }), ledger, env);
  const { path, root = folder } = ledger;
  return openFileLedger(resolve(folder, path), path, root);
}
