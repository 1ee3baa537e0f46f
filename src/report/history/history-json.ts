import type { History, HistoryEntry } from '../../model/history.js';
import { formatJson } from '../format/json-text.js';

/** A history as one JSON document. */
export function historyJson({ entries }: Pick<History, 'entries'>): string {
  return formatJson({ formatVersion: '1', entries: entries.map(entryDocument) });
}

function entryDocument(entry: HistoryEntry): object {
  const { at, runId, command, by, commit, address, action, status, id, error, fields } = entry;
  const { actor, host, run, pullRequest } = by;
  return {
    at,
    runId,
    command,
    by: { actor, host, run, pullRequest },
    commit,
    address,
    action,
    status,
    id,
    error,
    fields: fields.map(({ path, before, after, sensitive, shortened }) => ({
      path,
      before,
      after,
      sensitive,
      shortened,
    })),
  };
}
