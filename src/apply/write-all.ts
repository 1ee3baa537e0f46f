import type { Address } from '../model/address.js';
import { type Blocked, blockedText } from '../model/blocked.js';
import type { Outcome } from '../model/outcome.js';
import { isWanted, type Step, type WantedStep, type WorkStep } from '../plan/step.js';
import { UnclearCreateError } from './create-object.js';
import type { LaneSettings, Turn } from './lane.js';
import { createLookAhead, type LookAhead } from './look-ahead.js';
import {
  appliedOutcome,
  failedOutcome,
  notRemovedOutcome,
  oldVersionKeptOutcome,
  skippedOutcome,
} from './outcomes.js';
import type { WrittenStep } from './read-back.js';
import { removeRetired } from './remove.js';
import { type Remainder, schedule, type Task } from './schedule.js';
import type { ApplySession } from './session.js';
import { isLedgerFailure, StoppedError, settleCreate, writeStep } from './write-step.js';

type StepTask = Task & ({ part: 'write'; step: WorkStep } | { part: 'retire'; step: WantedStep });

/** Carries out steps in dependency order. When it resolves, what was written is recorded and saved, or said not to be. */
export async function writeAll(
  steps: readonly WorkStep[],
  session: ApplySession,
): Promise<{ outcomes: Map<Address, Outcome>; written: WrittenStep[] }> {
  const { recorder } = session;
  const outcomes = new Map<Address, Outcome>();
  const written: WrittenStep[] = [];
  /** A write is told once it is saved; the requests of others go on meanwhile. */
  const telling = new Map<Address, Promise<void>>();
  const lanes = new Map<string, LookAhead>();
  const tell = (outcome: Outcome) => {
    outcomes.set(outcome.address, outcome);
    session.input.onOutcome(outcome, outcomes.size, steps.length);
  };

  /** Nothing is removed while the ledger does not hold all that was done before. */
  const settled = async (address: Address) => {
    await recorder.settle();
    await telling.get(address);
  };

  const run = async (task: StepTask, turn: Turn): Promise<boolean | Remainder> => {
    const { step, part } = task;
    const { address } = step.change;
    if (part === 'retire') await turn.away(() => settled(address));
    const { stopped } = session;
    const before = outcomes.get(address);
    if (stopped !== undefined) {
      if (before === undefined) tell(skippedOutcome(step, stopped.code, new StoppedError(stopped).message));
      else tell(oldVersionKeptOutcome(step, before.id, stopped.because));
      return false;
    }
    if (part === 'write') return attempt(task, () => write(step, () => writeStep(step, turn, session)));
    return attempt(task, async () => {
      await removeRetired(task.step, before?.id, session);
      await turn.away(() => recorder.save());
    });
  };
  const write = async (step: WorkStep, send: () => Promise<string | undefined>) => {
    const id = await send();
    lanes.get(step.target)?.answered();
    if (id !== undefined && isWanted(step)) written.push({ step, id });
    telling.set(step.change.address, tellOnceSaved(step, id));
  };
  const tellOnceSaved = async (step: WorkStep, id: string | undefined) => {
    try {
      await recorder.save();
      // A delete leaves no id behind: what it is told by is the one that it had.
      tell(appliedOutcome(step, id ?? step.live?.id));
    } catch (error) {
      fail({ ...taskOf(step), step, part: 'write' }, error);
    }
  };
  const fail = ({ step, part }: StepTask, error: unknown): void => {
    const { address } = step.change;
    // A write that cannot be recorded must not be sent.
    session.unsaved ||= isLedgerFailure(error);
    if (error instanceof StoppedError) tell(skippedOutcome(step, error.code, error.message));
    else if (part === 'write') tell(failedOutcome(step, error, remainingId(step, session)));
    else tell(notRemovedOutcome(step, outcomes.get(address)?.id, error));
  };
  const attempt = async (task: StepTask, work: () => Promise<void>): Promise<boolean | Remainder> => {
    try {
      await work();
      return true;
    } catch (error) {
      if (error instanceof UnclearCreateError) return () => settle(error);
      fail(task, error);
      return false;
    }
  };
  const settle = async (unclear: UnclearCreateError): Promise<boolean> => {
    const { step } = unclear;
    const task: StepTask = { ...taskOf(step), step, part: 'write' };
    return (await attempt(task, () => write(step, () => settleCreate(unclear, session)))) === true;
  };
  const skip = async ({ step, part }: StepTask, because: string): Promise<void> => {
    const { address } = step.change;
    if (part === 'write')
      return tell(skippedOutcome(step, 'blocked', `${because}, which it depends on, was not applied`));
    await telling.get(address);
    const before = outcomes.get(address);
    if (before?.status === 'applied')
      tell(oldVersionKeptOutcome(step, before.id, `${because} was not applied`));
  };

  const settingsOf = (target: string): LaneSettings => {
    const limits = session.limitsOf(target);
    const { now } = session.input;
    const lookAhead = createLookAhead({ ...limits, saveMs: recorder.lastMs, now });
    lanes.set(target, lookAhead);
    const onStall = () => recorder.hurry('stalled');
    return { concurrency: limits.concurrency, ahead: lookAhead.size, onStall };
  };

  for (const step of steps) {
    const { blocked } = step.change;
    if (blocked !== undefined) tell(skippedOutcome(step, CODES[blocked.reason], blockedText(blocked)));
  }
  const open = steps.filter((step) => step.change.blocked === undefined);
  const finish = () => recorder.hurry('now');
  session.input.signal.addEventListener('abort', finish);
  try {
    await schedule(open.flatMap(tasksOf), settingsOf, run, skip);
    finish();
    await Promise.all(telling.values());
  } finally {
    session.input.signal.removeEventListener('abort', finish);
  }
  return { outcomes, written };
}

function remainingId({ change, live }: Step, session: ApplySession): string | undefined {
  return session.removed.has(change.address) ? undefined : (session.idOf(change.address) ?? live?.id);
}

function taskOf({ change, dependsOn, target }: WorkStep): Task {
  return { id: change.address, dependsOn, lane: target };
}

function tasksOf(step: WorkStep): StepTask[] {
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
