import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something holds, and fails when it does not within ten seconds. */
export async function until(holds: () => boolean | Promise<boolean>, deadlineMs = 10_000): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`this did not come true: ${holds}`);
    await sleep(10);
  }
}
