import { assertNever } from '../../model/assert-never.js';
import { changesOf, type Plan } from '../../model/plan.js';
import type { RunRecord, TargetState } from '../state/model.js';

export type NoticeKind = 'drift' | 'failure' | 'recovery';

/** A notice about one target. Names, counts and addresses; never a value. */
export interface Notice {
  kind: NoticeKind;
  target: string;
  vendor: string;
  mode: TargetState['mode'];
  /** Milliseconds since 1970. */
  at: number;
  commit?: string;
  /** Of what is left to do; without orphans and without what is the same. */
  counts?: Record<string, number>;
  /** Ten at most. */
  addresses?: string[];
  /** The number of further ones. */
  more?: number;
  /** Why what is left to do was not done. */
  held?: readonly string[];
  fingerprint?: string;
  /** Kind of the failure; the log and the page have its words. */
  error?: string;
  /** The notice that ended. */
  of?: ('drift' | 'failure')[];
}

export interface Notices {
  /** The notice after a run; undefined when there is nothing new. */
  after(target: TargetState, record: RunRecord, now: number): Notice | undefined;
}

/** At most so often for one target and kind. */
const PAUSE_MS = 10 * 60_000;
const MAX_ADDRESSES = 10;

interface NoticeHistory {
  /** Fingerprint of the drift, and code of the failure, that was told and is not over. */
  drift?: string;
  failure?: string;
  told: Partial<Record<NoticeKind, number>>;
}

/**
 * Decides what is worth telling. The same drift (the same plan) and the same failure are told once; recovery only after
 * something was told; each kind at most every ten minutes for a target. What had to wait is told by a later run,
 * if it is still true by then.
 */
export function createNotices(): Notices {
  const memories = new Map<string, NoticeHistory>();
  return {
    after(target, record, now) {
      const memory = memories.get(target.name) ?? { told: {} };
      memories.set(target.name, memory);
      const kind = noticeKindFor(memory, target, record);
      if (kind === undefined || now - (memory.told[kind] ?? Number.NEGATIVE_INFINITY) < PAUSE_MS)
        return undefined;
      memory.told[kind] = now;
      const notice = describe(kind, target, record, now);
      if (kind === 'failure') memory.failure = codeOf(record);
      if (kind === 'drift') memory.drift = target.plan?.fingerprint ?? '';
      if (kind === 'recovery') {
        const over = record.result === 'drift' ? (['failure'] as const) : OPEN;
        notice.of = over.filter((what) => memory[what] !== undefined);
        for (const what of over) delete memory[what];
      }
      return notice;
    },
  };
}

const OPEN = ['drift', 'failure'] as const;

function noticeKindFor(
  memory: NoticeHistory,
  { plan }: TargetState,
  record: RunRecord,
): NoticeKind | undefined {
  switch (record.result) {
    case 'drift':
      if (memory.drift !== (plan?.fingerprint ?? '')) return 'drift';
      return memory.failure === undefined ? undefined : 'recovery';
    case 'error':
    case 'terminal':
      return memory.failure === codeOf(record) ? undefined : 'failure';
    case 'success':
    case 'no_change':
      return memory.drift === undefined && memory.failure === undefined ? undefined : 'recovery';
    default:
      return assertNever(record.result);
  }
}

function codeOf({ error }: RunRecord): string {
  return error?.code ?? 'internal';
}

function describe(kind: NoticeKind, target: TargetState, record: RunRecord, at: number): Notice {
  const { name, vendor, mode, plan, held } = target;
  return {
    kind,
    target: name,
    vendor,
    mode,
    at,
    ...(record.commit !== undefined && { commit: record.commit }),
    ...(kind === 'failure' && { error: codeOf(record) }),
    ...(kind === 'drift' && plan !== undefined && { ...contentOf(plan), held }),
  };
}

function contentOf(plan: Plan): Partial<Notice> {
  const counted = changesOf(plan);
  const counts: Record<string, number> = {};
  for (const { action } of counted) counts[action] = (counts[action] ?? 0) + 1;
  return {
    counts,
    addresses: counted.slice(0, MAX_ADDRESSES).map(({ address }) => address),
    more: Math.max(0, counted.length - MAX_ADDRESSES),
    fingerprint: plan.fingerprint,
  };
}
