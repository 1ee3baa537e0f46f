import type { Action, Change } from '../../model/plan.js';

/** Changes in the order in which a reviewer wants to see them: what cannot be undone comes first. */
export function inReviewOrder(changes: readonly Change[]): Change[] {
  return REVIEW_ORDER.flatMap((action) => changes.filter((change) => change.action === action));
}

const REVIEW_ORDER: readonly Action[] = ['delete', 'replace', 'update', 'adopt', 'create', 'orphan'];
