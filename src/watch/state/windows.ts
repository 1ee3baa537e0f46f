import { Cron } from 'croner';
import type { WatchWindow } from '../../model/project.js';

/** A time in which writing is allowed. */
export interface WriteWindow {
  /** For messages, such as `Mon-Fri 9:00, 8h (Europe/Berlin)`. */
  text: string;
  /** At a time in milliseconds since 1970. */
  isOpen(at: number): boolean;
  /** When it opens next, in milliseconds since 1970: a run is due then. */
  opensAt?(after: number): number | undefined;
}

/**
 * A window of the project file. It opens when its cron expression says so and stays open for its duration, in real
 * hours: one of 8 h that opens at night ends an hour earlier or later by the wall clock when the clocks change. An
 * opening time that the change skips is the first moment after the gap; one that comes twice counts once.
 */
export function toWindow({ cron, durationMs, timeZone }: WatchWindow): WriteWindow {
  // Paused and without a function: only the arithmetic of the library is used, no timer of it.
  const openings = new Cron(cron, {
    timezone: timeZone,
    mode: '5-part',
    fixedTimeRule: 'no-wildcard',
    paused: true,
  });
  const after = (at: number) => openings.nextRun(new Date(at))?.getTime();
  return {
    text: `${cron} for ${inWords(durationMs)} (${timeZone})`,
    // Open at a time if it was opened less than its duration ago.
    isOpen(at) {
      const opened = after(at - durationMs);
      return opened !== undefined && opened <= at;
    },
    opensAt: after,
  };
}

/** Tells whether one of them is open; without any, always. */
export function isAnyOpen(windows: readonly WriteWindow[], at: number): boolean {
  return windows.length === 0 || windows.some((window) => window.isOpen(at));
}

/** When the first of them opens after a time, in milliseconds since 1970. */
export function nextOpening(windows: readonly WriteWindow[], after: number): number | undefined {
  const times = windows.flatMap((window) => window.opensAt?.(after) ?? []);
  return times.length === 0 ? undefined : Math.min(...times);
}

function inWords(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (ms < 60_000) return `${ms / 1000} s`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}
