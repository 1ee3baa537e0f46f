import { doubled } from '../model/backoff.js';
import type { Clock } from '../model/ports.js';

const FIRST_MS = 100;
const MOST_MS = 2_000;

/**
 * Waits and looks, less and less often, until `look` says that it has seen enough or `untilMs` of the clock has passed.
 * The last look is after that moment. Rejects with the signal's reason when that fires.
 */
export async function lookUntil(
  untilMs: number,
  { now, sleep }: Clock,
  signal: AbortSignal,
  look: () => Promise<boolean>,
): Promise<void> {
  for (let times = 0; ; times += 1) {
    const left = untilMs - now();
    if (left <= 0) return;
    await sleep(Math.min(left, doubled(FIRST_MS, times, MOST_MS)), signal);
    if (await look()) return;
  }
}
