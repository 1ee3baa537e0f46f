import { type Blocked, blockedText } from '../model/blocked.js';
import { type Diagnostic, type DiagnosticCode, warning } from '../model/diagnostic.js';
import { ownershipMarkOf } from './match/identity.js';
import type { Binding } from './match/match.js';
import { lostMark } from './match/ownership.js';
import { isPruning, type PlanInput } from './plan-input.js';
import { isWanted, makesNewId, type Step, type Unchanged } from './step.js';
import { takesMark } from './writes.js';

/** Changes that apply will skip are said up front; what a reference holds up is said already. */
export function blockedWarnings({ change: { address, action, blocked }, manifest }: Step): Diagnostic[] {
  if (blocked === undefined || (blocked.reason === 'in-use' && blocked.known === 'references')) return [];
  const summary = `${address} is left alone (${action}): ${blockedText(blocked)}`;
  return [warning(CODES[blocked.reason], summary, { ...manifest?.source, address })];
}

/** The code of the warning for each reason. A change that watch holds back is not part of a plan yet. */
const CODES: Readonly<Record<Blocked['reason'], DiagnosticCode>> = {
  'not-adopted': 'adopt',
  foreign: 'adopt',
  immutable: 'adopt',
  protected: 'protected',
  'in-use': 'in-use',
  mode: 'guard',
  window: 'guard',
  guard: 'guard',
  fight: 'guard',
};

export function unusedPrune(input: PlanInput): Diagnostic[] {
  if (!input.options.prune || isPruning(input)) return [];
  const summary = '--prune deletes nothing, because there is no manifest at all';
  const detail = 'An empty set of manifests is a mistake far more often than a wish to delete everything.';
  return [warning('guard', summary, { detail })];
}

/** Whose object it is shows in no field that is reviewed. */
export function takenOverWarnings(
  { change: { address, blocked } }: Step,
  { manifest, foreign }: Binding,
): Diagnostic[] {
  if (foreign === undefined || blocked !== undefined) return [];
  const summary = `${address} takes over an object that is marked as ${foreign}, by another project`;
  const detail = 'That project loses it. Apply only if this is meant.';
  return [warning('adopt', summary, { detail, ...manifest.source, address })];
}

/** Adopting an object that cannot be changed makes a new version; the version that was there is not ours to remove. */
export function handMadeWarnings(step: Step): Diagnostic[] {
  if (step.action !== 'adopt' || !makesNewId(step)) return [];
  const { change, live, kind, manifest } = step;
  return [
    warning(
      'adopt',
      `${change.address} gets a new version, and the ${kind.name} that was there stays: ${live.id}`,
      {
        detail:
          'Others may use it. Delete it at the vendor once nothing does. No new version is made with --trust-secrets, or with { keep: true } in the place of its secret.',
        ...manifest.source,
        address: change.address,
      },
    ),
  ];
}

/** Said when an object goes without a mark, and not again as long as it has none. */
export function unmarkedWarnings(step: Step): Diagnostic[] {
  if (!isWanted(step) || step.change.blocked !== undefined) return [];
  const { kind, manifest, change, live, action } = step;
  const { mark, clientId, fields } = kind.rules;
  const hadNone = action === 'update' && ownershipMarkOf(kind, live) === undefined;
  if (mark === undefined || hadNone || takesMark(step)) return [];
  const known =
    clientId === undefined ? 'by the ledger alone' : 'by the ledger, and by the id that llmform makes';
  const summary = `${change.address} has no room for the ownership mark, because its ${mark.field} are full`;
  const detail = `${manifest.vendor} takes ${fields[mark.field]?.map?.max} of them. llmform knows the object ${known}; other projects do not see whose it is. With one less, the mark is set.`;
  return [warning('identity', summary, { detail, ...manifest.source, address: change.address })];
}

/** Said as long as nothing is written: what is written anyhow is an adoption. */
export function lostMarkWarnings({ manifest, live }: Unchanged, { unmarked }: Binding): Diagnostic[] {
  return unmarked === true ? [lostMark(manifest, live)] : [];
}

/** Without this warning, a field that the vendor is known to drop would look up to date. */
export function notPersistedWarnings({ manifest, notPersisted }: Unchanged): Diagnostic[] {
  if (notPersisted.length === 0) return [];
  return [
    warning(
      'not-persisted',
      `${manifest.vendor} did not keep ${notPersisted.join(', ')} of ${manifest.address}`,
      {
        detail: 'It is not sent again until its value in the manifest changes. Remove it to silence this.',
        ...manifest.source,
        address: manifest.address,
      },
    ),
  ];
}
