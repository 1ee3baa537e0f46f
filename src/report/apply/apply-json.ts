import type { ApplyReport, Outcome } from '../../model/outcome.js';
import { diagnosticDocument } from '../diagnostics/diagnostics-json.js';
import { formatJson } from '../format/json-text.js';

/** The outcome of a plan, as the JSON document that `schemas/apply.schema.json` describes. */
export function applyJson(report: ApplyReport): string {
  const { applied, failed, stale, skipped } = report.summary;
  return formatJson({
    formatVersion: report.formatVersion,
    fingerprint: report.fingerprint,
    summary: { applied, failed, stale, skipped },
    requests: { read: report.requests.read, write: report.requests.write },
    outcomes: report.outcomes.map(outcomeDocument),
    diagnostics: report.diagnostics.map(diagnosticDocument),
  });
}

function outcomeDocument({ address, action, status, id, error, notPersisted, rewritten }: Outcome): object {
  return {
    address,
    action,
    status,
    id,
    error: error && { code: error.code, message: error.message, httpStatus: error.httpStatus },
    notPersisted,
    rewritten: rewritten?.map(({ path, differsIn }) => ({ path, differsIn })),
  };
}
