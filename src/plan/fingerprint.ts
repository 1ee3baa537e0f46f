import { createHash } from 'node:crypto';
import type { DesiredState } from '../model/desired-state.js';
import { canonicalJson, type Json, type JsonObject } from '../model/json.js';
import { pick } from '../model/parse-answer.js';
import type { FieldChange, PlanOptions } from '../model/plan.js';
import { parsePointer } from '../model/pointer.js';
import { ownershipMarkOf } from './match/identity.js';
import { redactChange } from './redact.js';
import { isWanted, observedBy, type Step } from './step.js';

/**
 * A hash of what a plan would do, on which targets, with which credentials, and of the live state it was computed
 * from. Times, order, causes and secrets do not enter it: the same inputs give the same fingerprint on any machine.
 *
 * @param seal a digest with the ledger's salt, for what the plan does not show. A bare hash of it, which a comment
 *   publishes, would be found by trying. Without a ledger there is no salt that all machines share: undefined, and only
 *   what is shown or stands in a manifest counts. Apply compares the live state once more before it writes.
 */
export function fingerprintPlan(
  steps: readonly Step[],
  {
    project,
    targets,
    options,
  }: Pick<DesiredState, 'project' | 'targets'> & { options?: Pick<PlanOptions, 'at'> },
  seal: ((value: Json) => string) | undefined,
): string {
  const value: Json = {
    project: project.name,
    // Going back is not the same as going on, also where both would send the same.
    ...(options?.at !== undefined && { at: options.at }),
    // A plan that was reviewed under other guards is another plan.
    guards: { ...project.guards },
    targets: targets
      .map(({ name, vendor, baseUrl, auth }) => ({ name, vendor, baseUrl, auth: { ...auth } }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    changes: steps.filter((step) => step.change.action !== 'orphan').map((step) => stepValue(step, seal)),
  };
  return `sha256:${createHash('sha256').update(canonicalJson(value)).digest('hex')}`;
}

function stepValue(step: Step, seal: ((value: Json) => string) | undefined): Json {
  const { address, action, id, movedFrom, fields, blocked, requests } = redactChange(step);
  return {
    address,
    action,
    id: id ?? null,
    ...(movedFrom !== undefined && { movedFrom }),
    blocked: blocked !== undefined,
    fields: fields.map(fieldValue),
    references: referencesIn(step),
    requests: requests.map(({ method, path }) => `${method} ${path}`),
    wanted: isWanted(step) ? step.manifest.spec : null,
    ignored: isWanted(step) ? [...step.manifest.ignoreChanges].sort() : [],
    mark: (step.live && ownershipMarkOf(step.kind, step.live)) ?? null,
    hidden:
      seal?.({
        observed: step.live ? observedBy(step, step.live) : null,
        fields: step.change.fields.map(fieldValue),
      }) ?? null,
  };
}

/** Of fields that a plan does not show: where their secrets come from, and what stands around them. Never a value. */
function referencesIn(step: Step): JsonObject {
  if (!isWanted(step)) return {};
  const hidden = step.change.fields.filter(({ sensitive }) => sensitive === true);
  return pick(
    step.desired,
    hidden.map(({ path }) => parsePointer(path)[0] ?? ''),
  );
}

function fieldValue({ path, before, after, sensitive }: FieldChange): JsonObject {
  return { path, before: before ?? null, after: after ?? null, sensitive: sensitive === true };
}
