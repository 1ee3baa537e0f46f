import type { Ledger } from '../model/ledger.js';

/**
 * The ledgers in memory that this process made, or whose signature it has checked. They change from there on, and several
 * runs may share one: the signature that they were read with says nothing of them any more.
 */
const own = new WeakSet<Ledger>();

/** Takes a ledger for one of this process, and returns it. */
export function markAsOwn(ledger: Ledger): Ledger {
  own.add(ledger);
  return ledger;
}

export function isOwn(ledger: Ledger): boolean {
  return own.has(ledger);
}
