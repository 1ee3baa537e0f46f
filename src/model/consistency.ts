import type { KindRules } from './vendor.js';

/** How long reads may lag behind a write, where the rules of a kind say nothing. No vendor documents it. */
const DEFAULT_MS = 10_000;

/** The longest window that the rules of a kind can ask for: a run waits for it. */
const LONGEST_MS = 30_000;

/** The time that an intent may wait for its create to be sent: for its save, and for its turn. */
const UNTIL_SENT_MS = 60_000;

/** Milliseconds after a write in which reads of a kind may not show it yet. */
export function consistencyWindow({ consistencyMs = DEFAULT_MS }: KindRules): number {
  return Math.min(consistencyMs, LONGEST_MS);
}

/**
 * What is left of the window after a write. Dates come from the clocks of several machines: one in the future is never
 * worth more than a whole window. Nothing is left where the date is not known.
 * @param at ISO date of the write
 * @param date milliseconds since 1970
 */
export function windowLeft(at: string | undefined, rules: KindRules, date: number): number {
  return leftOf(at, consistencyWindow(rules), 0, date);
}

/** The same for an intent, whose create may have been sent later than its date says. */
export function intentWindowLeft(at: string | undefined, rules: KindRules, date: number): number {
  return leftOf(at, consistencyWindow(rules), UNTIL_SENT_MS, date);
}

function leftOf(at: string | undefined, windowMs: number, slackMs: number, date: number): number {
  const written = at === undefined ? Number.NaN : Date.parse(at);
  if (Number.isNaN(written)) return 0;
  return Math.max(0, Math.min(windowMs, written + windowMs + slackMs - date));
}
