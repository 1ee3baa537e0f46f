import { resolve } from 'node:path';
import { type LedgerStore, openFileLedger, openGitLedger } from '../ledger/index.js';
import type { Client, Connect, Digests, EnginePorts, Reader } from '../model/ports.js';
import type { Project, Target } from '../model/project.js';
import { type GitLimits, openGit } from '../platform/git/git.js';
import { type AnsweredRequest, openClient, openReader } from '../platform/http/client.js';
import { createDigests } from '../platform/secrets/digest.js';
import { createSeals } from '../platform/secrets/seal.js';
import { openSecrets, type Secrets } from '../platform/secrets/secrets.js';
import { vendors } from '../vendors/index.generated.js';
import type { RunContext } from './run-context.js';

/** The real effects, put together for one project. */
export interface Effects {
  ports: EnginePorts;
  secrets: Secrets;
  ledger: LedgerStore;
  /** For planning: what it opens cannot write. */
  reader: Connect<Reader>;
  /** For apply. */
  client: Connect<Client>;
}

/** What a run reaches the world through. Each port has an implementation for Node, and may be given one of its own. */
export interface Ports {
  /** Resolves the credentials of targets and the secrets of manifests, and keeps them out of what is shown. */
  secrets: Secrets;
  /** Remembers between runs. */
  ledger: LedgerStore;
  /** The digests of one ledger, made from its salt. */
  digests: (salt: string) => Digests;
  /** Connects to a target to read. */
  reader: Connect<Reader>;
  /** Connects to a target to write as well. */
  client: Connect<Client>;
}

export interface EffectSettings {
  /** Hears of every request that was sent, for counting. */
  onAnswer?: ((target: Target, answer: AnsweredRequest) => void) | undefined;
  /** Ports that take the place of those for Node. */
  ports?: Partial<Ports>;
}

export function openEffects(
  project: Project,
  { env, mask, onSecret }: RunContext,
  { onAnswer, ports = {} }: EffectSettings = {},
): Effects {
  const secrets = ports.secrets ?? openSecrets(project.folder, { env, mask, onSecret });
  const settings = (target: Target) => ({
    clean: secrets.clean,
    ...(onAnswer && { onAnswer: (answer: AnsweredRequest) => onAnswer(target, answer) }),
  });
  return {
    ports: {
      vendors,
      secrets: { ...secrets, isTold: (text) => secrets.clean(text, 'id') === '' },
      digests: ports.digests ?? createDigests,
      seals: createSeals,
    },
    secrets,
    ledger: ports.ledger ?? openLedger(project, { env, clean: secrets.clean }),
    reader:
      ports.reader ??
      ((target, vendor, credential) => openReader(target, vendor, credential, settings(target))),
    client:
      ports.client ??
      ((target, vendor, credential) => openClient(target, vendor, credential, settings(target))),
  };
}

/** The store that a project names. */
export function openLedger(
  { folder, ledger, name }: Project,
  { env, clean }: Pick<RunContext, 'env'> & Pick<GitLimits, 'clean'>,
): LedgerStore {
  if (ledger.type === 'git') return openGitLedger(openGit(folder, env, { clean }), ledger, name, env);
  return openFileLedger(resolve(folder, ledger.path), ledger.path, name);
}
