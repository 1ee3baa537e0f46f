import { entriesOf, type Ledger } from '../model/ledger.js';
import type { Observed } from '../model/observed.js';
import type { UnmanagedCount } from '../model/plan.js';
import type { MatchResult } from './match/match.js';

/** Counts the live objects of one kind on one target that are neither bound, nor orphans, nor in the ledger. */
export function countUnmanaged(
  { target, kind, live }: Observed,
  { bindings, orphans }: Pick<MatchResult, 'bindings' | 'orphans'>,
  { objects }: Pick<Ledger, 'objects'>,
): UnmanagedCount[] {
  const covered = new Set([
    ...[...bindings, ...orphans].flatMap(({ live: one, duplicates }) => [one?.id, ...duplicates]),
    ...entriesOf(objects, target.name, kind.name).flatMap(([, { id, retired = [] }]) => [id, ...retired]),
  ]);
  const count = live.filter(({ id }) => !covered.has(id)).length;
  return count === 0 ? [] : [{ target: target.name, kind: kind.name, count }];
}
