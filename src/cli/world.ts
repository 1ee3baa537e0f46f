import { resolve } from 'node:path';
import { createDigests } from '../io/digest.js';
import { openGit } from '../io/git.js';
import { openClient, openReader } from '../io/http.js';
import { openSecrets, type Secrets } from '../io/secrets.js';
import type { Terminal } from '../io/terminal.js';
import { type LedgerStore, openFileLedger, openGitLedger } from '../ledger/index.js';
import type { Project } from '../model/project.js';
import type { Client, Open, Reader, World } from '../reconcile/world.js';
import { vendors } from '../vendors/index.generated.js';

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

export function openEffects(project: Project, terminal: Terminal): Effects {
  const secrets = openSecrets(project.folder, {
    env: terminal.env,
    ...(terminal.hide && { onResolved: terminal.hide }),
  });
  const mask = (text: string) => secrets.mask(text);
  return {
    world: { vendors, secrets, digests: createDigests },
    secrets,
    ledger: openLedger(project, terminal),
    reader: (target, vendor, credential) => openReader(target, vendor, credential, mask),
    client: (target, vendor, credential) => openClient(target, vendor, credential, mask),
  };
}

function openLedger({ folder, ledger, name }: Project, { env }: Terminal): LedgerStore {
  if (ledger.type === 'git') return openGitLedger(openGit(folder, env), ledger, name, env);
  return openFileLedger(resolve(folder, ledger.path), ledger.path, name);
}
