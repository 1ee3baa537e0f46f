import type { Address } from '../model/address.js';
import { defined } from '../model/defined.js';
import { stringifyExact } from '../model/exact-json.js';
import { holdsExposed } from '../model/exposed-secrets.js';
import type { HistoryChange, HistoryCommand, HistoryField, HistoryRun } from '../model/history.js';
import type { Json } from '../model/json.js';
import type { Outcome } from '../model/outcome.js';
import type { Change, FieldChange, ShownPlan } from '../model/plan.js';
import { parsePointer } from '../model/pointer.js';
import type { LedgerLock } from '../model/ports.js';
import type { Project } from '../model/project.js';
import { describeActor } from '../platform/process/actor.js';
import { findManifestsCommit } from './manifests-commit.js';

/** The door that asks for a run, and the facts that only it knows. */
export interface RunOrigin {
  command: HistoryCommand;
  /** The variables that say who is at work. */
  env: Readonly<Record<string, string | undefined>>;
  /** The pull request, where the door knows it better than the variables do. */
  pullRequest?: number | undefined;
  /** The commit of the manifests, where they are a checkout. */
  commit?: string | undefined;
}

/** The time as the ledger and its history write it. */
export function isoNow(): string {
  return new Date().toISOString();
}

/** A run that begins. */
export async function describeRun(
  runId: string,
  { command, env, pullRequest, commit }: RunOrigin,
  project: Project,
): Promise<HistoryRun> {
  const by = { ...describeActor(env), ...defined({ pullRequest }) };
  const from = commit ?? (await findManifestsCommit(project, env));
  return { runId, command, by, ...defined({ commit: from }) };
}

/** Tells a ledger's history of each change as it is written, with the values that the plan showed. */
export interface HistoryRecorder {
  /** The change was carried out, and the ledger in memory says so. */
  written(address: Address, id: string): void;
  /** All is over: what failed, and what proved to be otherwise than it seemed. */
  ended(outcomes: readonly Outcome[]): void;
}

export function createHistoryRecorder(
  lock: Pick<LedgerLock, 'record'>,
  run: HistoryRun,
  { changes }: ShownPlan,
): HistoryRecorder {
  const planned = new Map(changes.map((change) => [change.address, change]));
  const told = new Map<Address, string>();
  const tell = (address: Address, more: Pick<HistoryChange, 'status' | 'id' | 'error'>) => {
    const change = planned.get(address);
    if (change === undefined) return;
    told.set(address, `${more.status} ${more.id}`);
    lock.record?.(run, [{ at: isoNow(), address, action: change.action, ...more, fields: fieldsOf(change) }]);
  };
  lock.record?.(run, []);
  return {
    written: (address, id) => tell(address, { status: 'applied', id }),
    ended(outcomes) {
      for (const { address, status, id, error } of outcomes) {
        if (status === 'skipped' || told.get(address) === `${status} ${id}`) continue;
        tell(address, { status, ...defined({ id, error: error?.code }) });
      }
    },
  };
}

function fieldsOf({ fields }: Change): HistoryField[] {
  return fields.map(({ path, before, after, sensitive }: FieldChange): HistoryField => {
    const name = parsePointer(path).at(-1) ?? '';
    const isExposed = [before, after].some((value) => value !== undefined && holdsExposed(name, value));
    // The history stays for long, and all who may read the ledger may read it.
    if (sensitive || isExposed) return { path, sensitive: true };
    const shortened = [before, after].some((value) => value !== undefined && shorten(value) !== value);
    return {
      path,
      ...defined({ before: before && shorten(before), after: after && shorten(after) }),
      ...(shortened && { shortened }),
    };
  });
}

/** Characters of a value that are kept. */
const LONGEST = 2000;

function shorten(value: Json): Json {
  const text = typeof value === 'string' ? value : stringifyExact(value);
  if (text.length <= LONGEST) return value;
  return `${text.slice(0, LONGEST).replace(/[\ud800-\udbff]$/, '')}… (${text.length} characters)`;
}
