/**
 * How much of a plan is shown. `short` cuts what is long, `whole` leaves out nothing but unchanged text beside changes,
 * and `full` leaves out nothing.
 */
export type Detail = 'short' | 'whole' | 'full';

/** A rendered part, and whether it leaves out anything that a reviewer has to see. Unchanged text does not count. */
export interface Shown<T> {
  shown: T;
  cut: boolean;
}

/** Nothing is left out of this. */
export function uncut<T>(shown: T): Shown<T> {
  return { shown, cut: false };
}

/** One thing as a list, to be put together with others. */
export function listed<T>({ shown, cut }: Shown<T>): Shown<T[]> {
  return { shown: [shown], cut };
}

/** Several lists as one, which is cut where one of them is. */
export function concat<T>(parts: readonly Shown<readonly T[]>[]): Shown<T[]> {
  return { shown: parts.flatMap(({ shown }) => shown), cut: parts.some(({ cut }) => cut) };
}
