import { changesOf, type Plan } from '../../model/plan.js';
import type { RunResult, TargetStatus, Trigger } from '../state/model.js';

export const STATUS_LABELS: Readonly<Record<TargetStatus, string>> = {
  'in-sync': 'In sync',
  drifted: 'Drifted',
  failing: 'Failing',
  suspended: 'Suspended',
  pending: 'Waiting',
};

/** Worst first: the order in which the overview counts. */
export const STATUSES: readonly TargetStatus[] = ['failing', 'drifted', 'suspended', 'pending', 'in-sync'];

export const RESULT_LABELS: Readonly<Record<RunResult, string>> = {
  success: 'applied',
  no_change: 'no change',
  drift: 'drift left',
  error: 'failed, will retry',
  terminal: 'failed, waits for a change',
};

export const TRIGGER_LABELS: Readonly<Record<Trigger, string>> = {
  start: 'start',
  interval: 'interval',
  files: 'changed files',
  commit: 'new commit',
  webhook: 'webhook',
  signal: 'signal',
  retry: 'retry',
  page: 'this page',
  resume: 'resumption',
  approval: 'approval',
};

/** The number of changes that a plan leaves to do. Orphans are not counted: they are left where they are. */
export function countPending(plan: Plan | undefined): number {
  return plan === undefined ? 0 : changesOf(plan).length;
}

/** `1 change`, `3 changes`. */
export function countNoun(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** `And 3 objects more: …`; nothing where there are none. */
export function moreOf(n: number, noun: string): string | undefined {
  return n > 0 ? `And ${countNoun(n, noun)} more: llmform plan shows them all.` : undefined;
}
