import { resolve } from 'node:path';
import { createDigests } from '../io/digest.js';
import { type GitLimits, openGit } from '../io/git.js';
import { type Answered, openClient, openReader } from '../io/http.js';
import { openSecrets, type Secrets } from '../io/secrets.js';
import { type LedgerStore, openFileLedger, openGitLedger } from '../ledger/index.js';
import type { Project, Target } from '../model/project.js';
import type { Client, Open, Reader, World } from '../reconcile/world.js';
import { vendors } from '../vendors/index.generated.js';
import type { Surroundings } from './surroundings.js';

/** The real effects, put together for one project. */
export interface Effects {
  world: World;
  secrets: Secrets;
  ledger: LedgerStore;
  /** For planning: what it opens cannot write. */
  reader: Open<Reader>;
  /** For apply. */
  client: Open<Client>;
}

/** `onAnswer` hears of every request that was sent, for counting. */
export function openEffects(
  project: Project,
  { env, mask, onSecret }: Surroundings,
  onAnswer?: (target: Target, answer: Answered) => void,
): Effects {
  const secrets = openSecrets(project.folder, { env, mask, onSecret });
  const settings = (target: Target) => ({
    clean: secrets.clean,
    ...(onAnswer && { onAnswer: (answer: Answered) => onAnswer(target, answer) }),
  });
  return {
    world: {
      vendors,
      secrets: { ...secrets, isTold: (text) => secrets.toldIn(text).length > 0 },
      digests: createDigests,
    },
    secrets,
    ledger: openLedger(project, { env, clean: secrets.clean }),
    reader: (target, vendor, credential) => openReader(target, vendor, credential, settings(target)),
    client: (target, vendor, credential) => openClient(target, vendor, credential, settings(target)),
  };
}

/** The store that a project names. */
export function openLedger(
  { folder, ledger, name }: Project,
  { env, clean }: Pick<Surroundings, 'env'> & Pick<GitLimits, 'clean'>,
): LedgerStore {
  if (ledger.type === 'git') return openGitLedger(openGit(folder, env, { clean }), ledger, name, env);
  return openFileLedger(resolve(folder, ledger.path), ledger.path, name);
}
