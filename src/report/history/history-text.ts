import type { History, HistoryEntry, HistoryField } from '../../model/history.js';
import type { Change } from '../../model/plan.js';
import { printable } from '../../model/text.js';
import { joinLines, type Style, styleFor, type TextOptions } from '../format/style.js';
import { fieldLines } from '../plan/field-lines.js';

/** A history for a terminal, newest first: a block for each run, with its objects and their fields. */
export function historyText({ entries }: Pick<History, 'entries'>, options: TextOptions): string {
  const style = styleFor(options);
  const lines: string[] = [];
  let run: string | undefined;
  for (const entry of entries) {
    if (entry.runId !== run) lines.push(...(run === undefined ? [] : ['']), ...runLines(entry, style));
    run = entry.runId;
    lines.push(...changeLines(entry, style));
  }
  return joinLines(lines);
}

function runLines({ at, command, by, commit, runId }: HistoryEntry, { paint }: Style): string[] {
  const who = by.host === undefined ? by.actor : `${by.actor}@${by.host}`;
  const facts = [
    command,
    `by ${who}`,
    ...(by.pullRequest === undefined ? [] : [`pull request ${by.pullRequest}`]),
    ...(commit === undefined ? [] : [`from ${shortCommit(commit)}`]),
  ].map(printable);
  const more = [...(by.run === undefined ? [] : [by.run]), `run ${runId}`].map(printable);
  return [`${paint.bold(shortTime(at))}  ${facts.join(', ')}`, paint.dim(`  ${more.join('  ')}`)];
}

function changeLines(entry: HistoryEntry, style: Style): string[] {
  const { action, address, status, error, id, fields } = entry;
  const { paint } = style;
  const code = error === undefined ? '' : ` (${printable(error)})`;
  const word = status === 'applied' ? '' : `  ${paint.red(`${status}${code}`)}`;
  const fact = id === undefined ? '' : paint.dim(`  ${printable(id)}`);
  const title = `  ${printable(action)} ${printable(address)}${word}${fact}`;
  return [title, ...fieldLines(asChange(entry, fields), style).shown];
}

/** The fields as a plan has them: there is one way to show a value before and after. */
function asChange({ address, action }: HistoryEntry, fields: readonly HistoryField[]): Change {
  const shown = fields.map(({ shortened: _, ...field }) => ({ ...field, cause: 'unknown' as const }));
  return { address, vendor: '', kind: '', name: '', action, fields: shown, requests: [] };
}

/** `2026-11-28 13:08:35Z`, of what the format of an entry lets through. */
function shortTime(at: string): string {
  return at.replace('T', ' ').replace(/\.\d+Z$/, 'Z');
}

function shortCommit(commit: string): string {
  return commit.replace(/^([0-9a-f]{10})[0-9a-f]+/, '$1');
}
