import { stringifyExact } from '../../model/exact-json.js';
import { checkShape, parseForeignJson } from '../../model/foreign-json.js';
import type { History, HistoryChange, HistoryEntry, HistoryRun } from '../../model/history.js';
import { isObject, type Json } from '../../model/json.js';
import { validate } from './history.schema.generated.js';

/** One entry as one line. */
export function formatEntry(entry: HistoryEntry): string {
  return `${stringifyExact(entry)}\n`;
}

/** The entries of a log, a line each; what cannot be read is left out and named, unless a crash cut it off. */
export function parseLog(text: string, display: string): History {
  const lines = text.split('\n');
  const history: History = { entries: [], damaged: [] };
  for (const [i, line] of lines.entries()) {
    if (line === '') continue;
    const parsed = parseForeignJson(line);
    const entry = 'value' in parsed ? checked(parsed.value) : undefined;
    // The run after a crash began a line of its own.
    const isCutOff = 'fault' in parsed && line.startsWith('{"');
    if (entry !== undefined) history.entries.push(entry);
    else if (!isCutOff) history.damaged.push(`${display}:${i + 1}`);
  }
  return history;
}

/** One run with its changes, as one document. */
export function formatRun(run: HistoryRun, changes: readonly HistoryChange[]): string {
  return `${stringifyExact({ formatVersion: '1', ...run, changes }, 2)}\n`;
}

/** The entries of one run; undefined where it cannot be read. */
export function parseRun(text: string): HistoryEntry[] | undefined {
  const parsed = parseForeignJson(text);
  if (!('value' in parsed) || !isObject(parsed.value)) return undefined;
  const { changes, formatVersion: _, ...run } = parsed.value;
  if (!Array.isArray(changes)) return undefined;
  const entries = changes.map((change) => (isObject(change) ? checked({ ...run, ...change }) : undefined));
  return entries.every((entry) => entry !== undefined) ? entries : undefined;
}

/** Newest first. What a run said later of an object stands in place of what it said before. */
export function newestFirst(entries: readonly HistoryEntry[]): HistoryEntry[] {
  const latest = new Map(entries.map((entry) => [`${entry.runId} ${entry.address}`, entry]));
  const order = [...latest.values()].reverse();
  return order.sort((a, b) => (a.at === b.at ? 0 : a.at < b.at ? 1 : -1));
}

function checked(value: Json): HistoryEntry | undefined {
  const shape = checkShape<HistoryEntry>(value, validate);
  return 'value' in shape ? shape.value : undefined;
}
