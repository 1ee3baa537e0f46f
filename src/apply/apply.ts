import type { Address } from '../model/address.js';
import { type Blocked, blockedText } from '../model/blocked.js';
import { type Diagnostic, DiagnosticError } from '../model/diagnostic.js';
import type { Outcome } from '../model/outcome.js';
import { type DeleteStep, isWanted, type Step, type WantedStep } from '../plan/step.js';
import { accountIn, bindTarget } from '../plan/target-bindings.js';
import { countWrites } from '../prepare/prepare.js';
import { UnclearCreateError } from './create-object.js';
import {
  appliedOutcome,
  failedOutcome,
  notRemovedOutcome,
  oldVersionKeptOutcome,
  skippedOutcome,
} from './outcomes.js';
import { readBack, type WrittenStep } from './read-back.js';
import { forgetObject, recordObject, stampEntry } from './record.js';
import { removeRetired, verifyDeferred } from './remove.js';
import { type Remainder, schedule, type Task } from './schedule.js';
import { type ApplyInput, ApplySession } from './session.js';
import { isLedgerFailure, settleCreate, writeStep } from './write-step.js';

export interface Applied {
  /** One for each change of the plan but orphans, in the plan's order. */
  outcomes: Outcome[];
  diagnostics: Diagnostic[];
}

/**
 * Carries out the steps of a plan in dependency order, reads back what was written, and records both. One failure
 * blocks only what depends on it. Throws `DiagnosticError` only when the ledger cannot be written and nothing was sent.
 */
export async function apply(input: ApplyInput): Promise<Applied> {
  const session = new ApplySession(input);
  session.news = bindTargets(session);
  const steps = input.prepared.steps.filter((step) => step.action !== 'orphan');
  const { outcomes, written } = await writeAll(steps, session);
  const findings = await readBack(written, session);
  for (const [address, notPersisted] of findings.notPersisted)
    Object.assign(outcomes.get(address) ?? {}, { notPersisted });
  for (const address of findings.vanished) {
    const error = { code: 'vanished', message: 'it was written, and was not there when it was read back' };
    Object.assign(outcomes.get(address) ?? {}, { status: 'failed', error });
  }
  for (const address of findings.mistaken) {
    const error = { code: 'unexpected', message: 'the vendor answered with the id of another object' };
    const outcome = outcomes.get(address);
    if (outcome === undefined) continue;
    const { id: _wrong, ...rest } = outcome;
    outcomes.set(address, { ...rest, status: 'failed', error });
    // The next plan finds the right object by its mark.
    session.news = forgetObject(session.input.ledger, address) || session.news;
  }
  for (const { step, fault } of await verifyDeferred(session)) {
    const { address } = step.change;
    outcomes.set(address, notRemovedOutcome(step, outcomes.get(address)?.id, fault));
  }
  recordUnchanged(session);
  const unsaved = steps.length > 0 || session.news ? await saveAtEnd(session) : [];
  return {
    outcomes: steps.flatMap((step) => outcomes.get(step.change.address) ?? []),
    diagnostics: [...findings.diagnostics, ...unsaved],
  };
}

/** Remembers what each target is that was read; returns whether that is news. */
function bindTargets({ input: { ledger, prepared } }: ApplySession): boolean {
  const { observed } = prepared.observation;
  const targets = new Map(observed.map(({ target }) => [target.name, target]));
  const news = [...targets.values()].map((target) =>
    bindTarget(ledger, target, accountIn(observed.filter((scope) => scope.target.name === target.name))),
  );
  return news.includes(true);
}

/** Once writes were sent, a failure to save the ledger is reported with their outcomes instead of replacing them. */
async function saveAtEnd({ input }: ApplySession): Promise<Diagnostic[]> {
  try {
    await input.save();
    return [];
  } catch (error) {
    if (!(error instanceof DiagnosticError) || countWrites(input.prepared.observation) === 0) throw error;
    return error.diagnostics.map((found) => ({ ...found, detail: found.detail ?? UNSAVED }));
  }
}

const UNSAVED =
  'Not everything that this apply did is recorded. Make room for the ledger, then run `llmform apply` again: it looks for what it began before it creates anything.';

type StepTask = Task &
  ({ part: 'write'; step: WantedStep | DeleteStep } | { part: 'retire'; step: WantedStep });

async function writeAll(
  steps: readonly (WantedStep | DeleteStep)[],
  session: ApplySession,
): Promise<{ outcomes: Map<Address, Outcome>; written: WrittenStep[] }> {
  const { signal, onOutcome } = session.input;
  const outcomes = new Map<Address, Outcome>();
  const written: WrittenStep[] = [];
  let unsaved = false;
  const tell = (outcome: Outcome) => {
    outcomes.set(outcome.address, outcome);
    onOutcome(outcome, outcomes.size, steps.length);
  };
  const lanes = new Map(steps.map((step) => [step.target, session.seen(step.target, step.kind).concurrency]));

  const run = async (task: StepTask): Promise<boolean | Remainder> => {
    const { step } = task;
    const before = outcomes.get(step.change.address);
    if (signal.aborted || unsaved) {
      const [code, because] = signal.aborted
        ? ['interrupted', 'the run was interrupted']
        : ['ledger', 'the ledger could not be written'];
      if (before === undefined) tell(skippedOutcome(step, code, `${because} before it was started`));
      else tell(oldVersionKeptOutcome(step, before.id, because));
      return false;
    }
    if (task.part === 'retire') return attempt(task, () => removeRetired(task.step, before?.id, session));
    return attempt(task, () => write(task.step, () => writeStep(step, session)));
  };
  const write = async (step: WantedStep | DeleteStep, send: () => Promise<string | undefined>) => {
    const id = await send();
    if (id !== undefined && isWanted(step)) written.push({ step, id });
    // A delete leaves no id behind: what it is told by is the one that it had.
    tell(appliedOutcome(step, id ?? step.live?.id));
  };
  const attempt = async (
    { step, part }: StepTask,
    work: () => Promise<void>,
  ): Promise<boolean | Remainder> => {
    const before = outcomes.get(step.change.address);
    try {
      await work();
      return true;
    } catch (error) {
      if (error instanceof UnclearCreateError) return () => settle(error);
      // A write that cannot be recorded must not be sent.
      unsaved ||= isLedgerFailure(error);
      tell(
        part === 'write'
          ? failedOutcome(step, error, remainingId(step, session))
          : notRemovedOutcome(step, before?.id, error),
      );
      return false;
    }
  };
  const settle = async (unclear: UnclearCreateError): Promise<boolean> => {
    const { step } = unclear;
    const task: StepTask = { ...taskOf(step), step, part: 'write' };
    return (await attempt(task, () => write(step, () => settleCreate(unclear, session)))) === true;
  };
  const skip = ({ step, part }: StepTask, because: string): void => {
    const before = outcomes.get(step.change.address);
    if (part === 'write')
      tell(skippedOutcome(step, 'blocked', `${because}, which it depends on, was not applied`));
    else if (before?.status === 'applied')
      tell(oldVersionKeptOutcome(step, before.id, `${because} was not applied`));
  };

  for (const step of steps) {
    const { blocked } = step.change;
    if (blocked !== undefined) tell(skippedOutcome(step, CODES[blocked.reason], blockedText(blocked)));
  }
  const open = steps.filter((step) => step.change.blocked === undefined);
  await schedule(open.flatMap(tasksOf), (lane) => lanes.get(lane) ?? 1, run, skip);
  return { outcomes, written };
}

function remainingId({ change, live }: Step, session: ApplySession): string | undefined {
  return session.removed.has(change.address) ? undefined : (session.idOf(change.address) ?? live?.id);
}

function taskOf({ change, dependsOn, target }: WantedStep | DeleteStep): Task {
  return { id: change.address, dependsOn, lane: target };
}

function tasksOf(step: WantedStep | DeleteStep): StepTask[] {
  const { address } = step.change;
  const write: StepTask = { ...taskOf(step), step, part: 'write' };
  // A delete removes earlier versions by itself.
  if (step.retire.length === 0 || !isWanted(step)) return [write];
  const dependsOn = [address, ...step.retireAfter];
  return [write, { id: `${address}#retire`, dependsOn, lane: step.target, step, part: 'retire' }];
}

/** The error code of a change that was left alone. Scripts know these from before there were reasons. */
const CODES: Readonly<Record<Blocked['reason'], string>> = {
  'not-adopted': 'adopt',
  foreign: 'adopt',
  immutable: 'adopt',
  protected: 'protected',
  'in-use': 'in-use',
  mode: 'held',
  window: 'held',
  guard: 'held',
  fight: 'held',
};

/** Records the objects that are up to date already, and forgets those that are gone. */
function recordUnchanged(session: ApplySession): void {
  const { prepared, ledger, run } = session.input;
  // Protection holds from the moment it is declared, even if the rest of the change failed.
  for (const { manifest } of prepared.steps) {
    const entry = manifest === undefined ? undefined : ledger.objects[manifest.address];
    if (entry === undefined || manifest?.preventDestroy !== true || entry.preventDestroy) continue;
    ledger.objects[manifest.address] = stampEntry({ ...entry, preventDestroy: true }, run);
    session.news = true;
  }
  for (const address of prepared.forgotten) session.news = forgetObject(ledger, address) || session.news;
  for (const { manifest, kind, live, entry, notPersisted, retired } of prepared.unchanged) {
    const spec = session.withIds(manifest.spec, manifest.target, kind);
    const kept = Object.fromEntries(
      Object.entries(entry?.notPersisted ?? {}).filter(([path]) => notPersisted.includes(path)),
    );
    const baseline = session.baseline(manifest.address, entry);
    const origin = { live: live.spec, entry, adopts: false };
    const facts = { manifest, kind, id: live.id, spec, baseline, notPersisted: kept, retired, origin };
    session.news = recordObject(ledger, facts, run) || session.news;
  }
}
