import { basename, dirname, join } from 'node:path';
import { asWarning, type Diagnostic, DiagnosticError } from '../../model/diagnostic.js';
import type { History, HistoryChange, HistoryRun } from '../../model/history.js';
import { appendLines, rotateFile } from '../../platform/fs/append-file.js';
import { readTextIfPresent } from '../../platform/fs/files.js';
import { formatEntry, newestFirst, parseLog } from '../history/history-format.js';

/** The log beside a file ledger: a line for each change, added and never rewritten. */
export interface HistoryLog {
  record(run: HistoryRun, changes: readonly HistoryChange[]): void;
  /** Writes what was recorded. Never throws: what cannot be remembered must not keep the ledger from being saved. */
  flush(): Promise<void>;
  /** The same, and says what could not be written, as warnings. */
  end(): Promise<Diagnostic[]>;
}

/** A log of this size, in bytes, is put aside when a run begins to write; the one that was put aside before is removed. */
const MOST_BYTES = 8 * 1024 * 1024;

export function openHistoryLog(ledger: string, display: string): HistoryLog {
  const place = placeOf(ledger, display);
  let waiting: string[] = [];
  let begun = false;
  let fault: DiagnosticError | undefined;

  async function flush(): Promise<void> {
    const lines = waiting;
    waiting = [];
    if (lines.length === 0 || fault !== undefined) return;
    try {
      if (!begun) await rotateFile(place.path, place.older, MOST_BYTES);
      begun = true;
      await appendLines(place.path, lines.join(''), { display: place.display, code: 'ledger' });
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      fault = error;
    }
  }

  return {
    record: (run, changes) =>
      void waiting.push(...changes.map((change) => formatEntry({ ...run, ...change }))),
    flush,
    async end() {
      await flush();
      const detail = 'What was applied is in the ledger; only the history lacks a part of it.';
      return (fault?.diagnostics ?? []).map((found) => ({ ...asWarning(found), detail }));
    },
  };
}

/** The entries of a log, and of the one that was put aside. Throws `DiagnosticError` where a file cannot be read. */
export async function readHistoryLog(ledger: string, display: string): Promise<History> {
  const place = placeOf(ledger, display);
  const read = async (path: string, shown: string) =>
    parseLog((await readTextIfPresent(path, { display: shown, code: 'ledger' })) ?? '', shown);
  const older = await read(place.older, place.olderDisplay);
  const newer = await read(place.path, place.display);
  return {
    entries: newestFirst([...older.entries, ...newer.entries]),
    damaged: [...older.damaged, ...newer.damaged],
  };
}

/** `ledger.json` has `history.jsonl` beside it, and `shop.json` has `shop.history.jsonl`. */
function placeOf(ledger: string, display: string) {
  const [, name = ''] = /^(.*?)(?:\.json)?$/.exec(basename(ledger)) ?? [];
  const own = /^ledger(?=\.|$)/.test(name) ? name.replace('ledger', 'history') : `${name}.history`;
  return {
    path: join(dirname(ledger), `${own}.jsonl`),
    display: join(dirname(display), `${own}.jsonl`),
    older: join(dirname(ledger), `${own}.1.jsonl`),
    olderDisplay: join(dirname(display), `${own}.1.jsonl`),
  };
}
