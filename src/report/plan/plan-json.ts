import { blockedText } from '../../model/blocked.js';
import type {
  Change,
  FieldChange,
  PlannedRequest,
  PlanOptions,
  ReleasedField,
  ShownPlan,
} from '../../model/plan.js';
import { diagnosticDocument } from '../diagnostics/diagnostics-json.js';
import { formatJson } from '../format/json-text.js';

/** The plan as the JSON document that `schemas/plan.schema.json` describes. Equal plans give equal bytes. */
export function planJson(plan: ShownPlan): string {
  const { create, update, replace, adopt, delete: deletions, orphan, forget, noop } = plan.summary;
  return formatJson({
    formatVersion: plan.formatVersion,
    planId: plan.planId,
    project: plan.project,
    fingerprint: plan.fingerprint,
    options: optionsDocument(plan.options),
    summary: { create, update, replace, adopt, delete: deletions, orphan, forget, noop },
    requests: { read: plan.requests.read, write: plan.requests.write },
    changes: plan.changes.map(changeDocument),
    released: (plan.released ?? []).map(releasedDocument),
    unmanaged: (plan.unmanaged ?? []).map(({ target, kind, count }) => ({ target, kind, count })),
    diagnostics: plan.diagnostics.map(diagnosticDocument),
  });
}

// Members are named one by one: a member that exists in memory only must not leak into a public format.
// JSON.stringify drops the undefined ones.
function optionsDocument({ targets, prune, adopt, trustSecrets, rebind, at }: PlanOptions): object {
  return { targets, prune, adopt, trustSecrets, rebind, at };
}

function changeDocument(change: Change): object {
  return {
    address: change.address,
    vendor: change.vendor,
    kind: change.kind,
    name: change.name,
    action: change.action,
    id: change.id,
    previousId: change.previousId,
    movedFrom: change.movedFrom,
    blocked: change.blocked && { reason: change.blocked.reason, message: blockedText(change.blocked) },
    fields: change.fields.map(fieldDocument),
    requests: change.requests.map(requestDocument),
    deletes: change.deletes,
    source: change.source && { file: change.source.file, line: change.source.line },
  };
}

function releasedDocument({ address, path, applied, before, sensitive }: ReleasedField): object {
  return { address, path, applied, before, sensitive };
}

function fieldDocument(field: FieldChange): object {
  const { path, before, after, last, cause, sensitive, from, forcesReplacement } = field;
  return { path, ...(sensitive ? { sensitive, from } : { before, after, last }), cause, forcesReplacement };
}

function requestDocument({ method, path, body }: PlannedRequest): object {
  return { method, path, body };
}
