import { asWarning } from '../model/diagnostic.js';
import type { PlanOptions } from '../model/plan.js';
import { makePlan, type Planned } from '../plan/plan.js';
import { keySealer, openInherited, type SealKeys } from './inherited.js';
import { type Observation, observe } from './observe.js';
import { type ResolvedSecrets, resolveSecrets } from './secrets.js';
import type { Digests, Intention, Open, Reader, World } from './world.js';

/** A plan with everything that led to it. */
export interface Prospect<Connection extends Reader = Reader> extends Planned {
  observation: Observation<Connection>;
  secrets: ResolvedSecrets;
  digests: Digests;
  sealKeys: SealKeys;
}

/**
 * Desired, live, plan: the first half of every command. Whoever wants to go on to apply passes clients that can
 * write as `open`; planning passes readers, which cannot.
 */
export async function prepare<Connection extends Reader>(
  intention: Intention,
  world: World,
  options: PlanOptions,
  open: Open<Connection>,
): Promise<Prospect<Connection>> {
  const digests = world.digests(intention.ledger.salt);
  const [observation, secrets, inherited] = await Promise.all([
    observe(intention, world, open),
    resolveSecrets(intention, world, digests),
    openInherited(intention, world),
  ]);
  const planned = makePlan({
    project: intention.project.name,
    targets: intention.targets,
    manifests: intention.manifests,
    observed: observation.observed,
    ledger: intention.ledger,
    inherited: inherited.keys,
    writeOnly: secrets.writeOnly,
    digest: (value) => digests.plain(value),
    options,
    guards: intention.project.guards,
    reads: readsOf(observation),
    shown: secrets.mask,
  });
  // Planning goes on without a secret; only apply insists.
  planned.plan.diagnostics.unshift(
    ...observation.unreadable,
    ...secrets.diagnostics.map(asWarning),
    ...inherited.diagnostics,
  );
  return { ...planned, observation, secrets, digests, sealKeys: keySealer(intention, world) };
}

export function readsOf({ readers }: Observation): number {
  return [...readers.values()].reduce((sum, reader) => sum + reader.counts.read, 0);
}

export function writesSent({ readers }: Observation): number {
  return [...readers.values()].reduce((sum, reader) => sum + reader.counts.write, 0);
}

export async function closeAll({ readers }: Observation): Promise<void> {
  await Promise.all([...readers.values()].map((reader) => reader.close()));
}
