import { stringifyExact } from '../../model/exact-json.js';
import type { Change } from '../../model/plan.js';
import { concat, type Shown } from '../format/detail.js';
import type { SizeBudget } from '../format/size-budget.js';
import { changeMarkdown, changeTitle } from './change-markdown.js';

type Block = Shown<readonly string[]>;

/** Changes that have their room in a document. */
export interface PlacedChanges {
  /** Changes that are there with their title only, and that are not there at all. */
  titled: number;
  missing: number;
  /** Gives the room that is left to blocks that were cut. Returns all lines, and how many blocks stay shortened. */
  enlarge(): { lines: string[]; shortened: number };
}

/** Takes the room of as many changes as fit, in short, else of their titles. */
export function placeChanges(changes: readonly Change[], room: SizeBudget): PlacedChanges {
  const placed: (() => Block)[] = [];
  let [titled, missing] = [0, 0];
  for (const change of changes) {
    // A long text is not even compared when there is no room left for it.
    if (room.left() < LEAST_ROOM) {
      missing += 1;
      continue;
    }
    const block = ended(changeMarkdown(change, 'short'));
    const title = [...changeTitle(change), ''];
    if (room.take(block.shown)) {
      placed.push(() => enlarge(block, sentBy(change), () => ended(changeMarkdown(change, 'whole')), room));
    } else if (room.take(title)) {
      placed.push(() => ({ shown: title, cut: true }));
      titled += 1;
    } else missing += 1;
  }
  return {
    titled,
    missing,
    enlarge() {
      const blocks = placed.map((block) => block());
      const cut = blocks.filter((block) => block.cut).length;
      return { lines: concat(blocks).shown, shortened: cut - titled };
    },
  };
}

/**
 * All of a block in the place of one that was cut, if there is room for it. It holds at least so many characters, and is not
 * even made where these have no room: comparing long texts takes its time.
 */
export function enlarge(block: Block, atLeast: number, whole: () => Block, room: SizeBudget): Block {
  if (!block.cut || atLeast > room.leftWithout(block.shown)) return block;
  const better = whole();
  return room.exchange(block.shown, better.shown) ? better : block;
}

const LEAST_ROOM = 500;

/** Characters of what a change sends: of its fields, unchanged text may be left out. */
function sentBy({ requests }: Change): number {
  return requests.reduce((sum, { body }) => sum + (body === undefined ? 0 : stringifyExact(body).length), 0);
}

function ended({ shown, cut }: Block): Block {
  return { shown: [...shown, ''], cut };
}
