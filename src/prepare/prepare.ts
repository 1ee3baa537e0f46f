import { type Baselines, createBaselines } from '../diff/baseline.js';
import type { DesiredState } from '../model/desired-state.js';
import { asWarning, type Diagnostic } from '../model/diagnostic.js';
import type { Ledger } from '../model/ledger.js';
import { warnAboutSecret } from '../model/odd-secret.js';
import type { PlanOptions } from '../model/plan.js';
import type { Connect, EnginePorts, Reader } from '../model/ports.js';
import { makePlan, type Planned } from '../plan/make-plan.js';
import { createKeySealer, openInherited, type SealKeys } from './inherited.js';
import { findLostScopes } from './lost-scopes.js';
import { neededSecrets } from './needed-secrets.js';
import { type Observation, observe } from './observe.js';
import { type ResolvedSecrets, resolveSecrets } from './resolve-secrets.js';
import { findSharedAccounts } from './shared-accounts.js';
import { splitUnresolved } from './unsent-secrets.js';

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
  const unresolved = neededSecrets(secrets.diagnostics, desiredState.manifests, planned.steps);
  // Planning goes on without a secret; only apply insists, and only on those that it sends.
  const { needed, unsent } = splitUnresolved(unresolved, planned.steps);
  planned.plan.diagnostics.unshift(
    ...(desiredState.statements?.diagnostics ?? []),
    ...observation.refused,
    ...observation.unreadable,
    ...needed.map((found) => withReason(found, 'It is needed to detect changes and to apply.')),
    ...unsent.map((found) => withReason(found, 'It is not sent this time, so apply goes on without it.')),
    ...(await oddCredentials(desiredState, observation, ports)),
    ...secrets.warnings,
    ...inherited.diagnostics,
    ...(await findSharedAccounts(desiredState, observation, ports)),
  );
  return {
    ...planned,
    observation,
    secrets: { ...secrets, diagnostics: needed },
    baselines,
    sealKeys: createKeySealer(desiredState, ports),
  };
}

function withReason(finding: Diagnostic, reason: string): Diagnostic {
  return asWarning({ ...finding, detail: [finding.detail, reason].filter(Boolean).join(' ') });
}

/** The credentials that were used are resolved by now, so that this costs nothing. */
async function oddCredentials(
  { project, targets }: DesiredState,
  { readers }: Observation,
  { secrets }: EnginePorts,
): Promise<Diagnostic[]> {
  const used = targets.filter(({ name }) => readers.has(name));
  const found = used.map(async ({ auth }) =>
    warnAboutSecret(await secrets.resolve(auth), auth, { file: project.file }),
  );
  return (await Promise.all(found)).filter((one) => one !== undefined);
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
