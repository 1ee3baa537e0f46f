const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of a duration such as `500ms`, `30s`, `10m` or `1h`; NaN for any other text. */
export function parseDuration(duration: string): number {
  const [, number = '', unit = ''] = /^(\d{1,9})(ms|s|m|h)$/.exec(duration) ?? [];
  return number === '' ? Number.NaN : Number(number) * (UNITS[unit] ?? Number.NaN);
}

/** A duration as `parseDuration` takes it, in the largest unit that gives a whole number. */
export function spellDuration(ms: number): string {
  const [unit = 'ms', size = 1] = Object.entries(UNITS).findLast(([, one]) => ms > 0 && ms % one === 0) ?? [];
  return `${ms / size}${unit}`;
}

/** The longest that a timer of watch may run: Node's own give up at 24 days. */
export const WEEK_MS = 7 * 24 * 3_600_000;
