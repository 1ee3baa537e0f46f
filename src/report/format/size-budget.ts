import { joinLines } from './style.js';

/** The size limit of a markdown document. */
export interface Budget {
  /** Never exceeded, from 2,000 on; default 64,000, just below what GitHub lets a comment hold. */
  limit?: number;
  /** The unit of the limit: `characters` (UTF-16 units, so never too few) or UTF-8 `bytes`. Default: characters. */
  measure?: 'characters' | 'bytes';
  /** The place of the parts that had no room, as markdown: `in the [job summary](https://…)`. */
  rest?: string;
}

/** The rest of a budget. Text is put into a document only as a whole, and only if it fits. */
export interface SizeBudget {
  /** As in the budget; undefined if it was not given. */
  readonly rest: string | undefined;
  left(): number;
  /** Takes the room of these lines, or nothing and says false. */
  take(lines: readonly string[]): boolean;
  /** The room that would be left without these lines, which have theirs. */
  leftWithout(lines: readonly string[]): number;
  /** Takes the room that lines need beyond those that they replace, or nothing and says false. */
  exchange(old: readonly string[], lines: readonly string[]): boolean;
  /** Room within this one: a share of what is left, between 0 and 1. */
  share(share: number): SizeBudget;
  /**
   * The lines for as many of `most` items as fit, their room taken, and how many items are left out; no lines when not even
   * those for no item fit.
   */
  fill(
    most: number,
    render: (count: number) => readonly string[],
  ): { lines: readonly string[]; left: number };
}

export function createSizeBudget({ limit = LONGEST, measure = 'characters', rest }: Budget): SizeBudget {
  return budgetOf(limit, measure === 'bytes' ? utf8Bytes : characters, rest);
}

const LONGEST = 64_000;

function budgetOf(
  limit: number,
  size: (text: string) => number,
  rest: string | undefined,
  within?: SizeBudget,
): SizeBudget {
  let left = limit;
  const room: SizeBudget = {
    rest,
    left: () => Math.min(left, within?.left() ?? left),
    leftWithout: (lines) => room.left() + size(joinLines(lines)),
    take: (lines) => room.exchange([], lines),
    exchange: (old, lines) => {
      const needed = size(joinLines(lines)) - size(joinLines(old));
      if (needed > left || within?.exchange(old, lines) === false) return false;
      left -= needed;
      return true;
    },
    share: (share) => budgetOf(Math.floor(room.left() * share), size, rest, room),
    fill: (most, render) => {
      const fitting = largest(most, (count) => size(joinLines(render(count))) <= room.left());
      const lines = render(fitting);
      return room.take(lines) ? { lines, left: most - fitting } : { lines: [], left: most };
    },
  };
  return room;
}

/** The largest count that fits, by halving: what fits is shorter than what does not. */
function largest(most: number, fits: (count: number) => boolean): number {
  if (fits(most)) return most;
  let [low, high] = [0, most];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

function characters(text: string): number {
  return text.length;
}

function utf8Bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}
