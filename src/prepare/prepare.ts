import { type Baselines, createBaselines } from '../diff/baseline.js';
import type { DesiredState } from '../model/desired-state.js';
import { asWarning } from '../model/diagnostic.js';
import type { Ledger } from '../model/ledger.js';
import type { PlanOptions } from '../model/plan.js';
import type { Connect, EnginePorts, Reader } from '../model/ports.js';
import { makePlan, type Planned } from '../plan/make-plan.js';
import { createKeySealer, openInherited, type SealKeys } from './inherited.js';
import { findLostScopes } from './lost-scopes.js';
import { type Observation, observe } from './observe.js';
import { type ResolvedSecrets, resolveSecrets } from './resolve-secrets.js';

/** A plan with everything that led to it. */
export interface PreparedPlan<Connection extends Reader = Reader> extends Planned {
  observation: Observation<Connection>;
  secrets: ResolvedSecrets;
  baselines: Baselines;
  sealKeys: SealKeys;
}

/**
 * Desired, live, plan: the first half of every command. To go on to apply, pass an `open` that returns clients, which
 * can write; planning passes one that returns readers, which cannot.
 */
export async function prepare<Connection extends Reader>(
  desiredState: DesiredState,
  ports: EnginePorts,
  options: PlanOptions,
  open: Connect<Connection>,
): Promise<PreparedPlan<Connection>> {
  const digests = ports.digests(desiredState.ledger.salt);
  const [observation, secrets, inherited] = await Promise.all([
    observe(desiredState, ports, open, options.rebind),
    resolveSecrets(desiredState, ports, digests),
    openInherited(desiredState, ports),
  ]);
  const baselines = createBaselines({
    digest: (value) => digests.plain(value),
    writeOnly: secrets.writeOnly,
    trustSecrets: options.trustSecrets,
  });
  const planned = makePlan({
    ...desiredState,
    observed: observation.observed,
    inherited: inherited.keys,
    lostScopes: findLostScopes(desiredState, ports.vendors),
    baselines,
    seal: isNew(desiredState.ledger) ? undefined : (value) => digests.plain(value),
    options,
    reads: countReads(observation),
    mask: secrets.mask,
  });
  // Planning goes on without a secret; only apply insists.
  planned.plan.diagnostics.unshift(
    ...(desiredState.statements?.diagnostics ?? []),
    ...observation.refused,
    ...observation.unreadable,
    ...secrets.diagnostics.map(asWarning),
    ...inherited.diagnostics,
  );
  return { ...planned, observation, secrets, baselines, sealKeys: createKeySealer(desiredState, ports) };
}

/** Nothing was ever recorded in it: its salt may be of this run alone. */
function isNew({ objects, intents }: Ledger): boolean {
  return Object.keys(objects).length === 0 && Object.keys(intents).length === 0;
}

export function countReads({ readers }: Observation): number {
  return [...readers.values()].reduce((sum, reader) => sum + reader.counts.read, 0);
}

export function countWrites({ readers }: Observation): number {
  return [...readers.values()].reduce((sum, reader) => sum + reader.counts.write, 0);
}

export async function closeAll({ readers }: Observation): Promise<void> {
  await Promise.all([...readers.values()].map((reader) => reader.close()));
}
