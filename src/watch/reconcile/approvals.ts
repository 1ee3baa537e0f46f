import type { Approval } from './run-request.js';

/** Plans that a person let through. */
export interface Approvals {
  /** Those that a run of a target may use. */
  of(target: string): Approval[];
  /** For the next run of this target. */
  approve(target: string, fingerprint: string): void;
  /**
   * A run of this target has made a plan: what was used is used up, and what was meant for this run is gone. Returns
   * the fingerprint that was meant for it and was not the plan's any more.
   */
  settle(target: string, used: string | undefined): string | undefined;
}

/**
 * `fromStart` are those of the command line: they wait for their plan however long that takes, and because the command
 * may be started again with them, the ledger remembers which of them were carried out.
 */
export function createApprovals(fromStart: readonly string[]): Approvals {
  const waiting = new Set(fromStart);
  const byTarget = new Map<string, string>();
  return {
    of(target) {
      const own = byTarget.get(target);
      const ofStart = [...waiting].map((fingerprint) => ({ fingerprint, onlyOnce: true }));
      return own === undefined ? ofStart : [{ fingerprint: own, onlyOnce: false }, ...ofStart];
    },
    approve: (target, fingerprint) => void byTarget.set(target, fingerprint),
    settle(target, used) {
      const own = byTarget.get(target);
      byTarget.delete(target);
      if (used !== undefined) waiting.delete(used);
      return own === used ? undefined : own;
    },
  };
}
