import type { Kind, Live } from '../model/vendor.js';

/** Listings that tell what came of creates: one serves all that failed before it began, and none that failed later. */
export interface LookUps {
  /** How many listings of a kind on a target have begun. */
  begun(target: string, kind: Kind): number;
  /** A listing that began after so many others. A failed one is not tried again. */
  listAfter(
    begun: number,
    target: string,
    kind: Kind,
    list: () => Promise<readonly Live[]>,
  ): Promise<readonly Live[]>;
}

export function createLookUps(): LookUps {
  const latest = new Map<string, { number: number; listing: Promise<readonly Live[]> }>();
  const keyOf = (target: string, { name }: Kind) => `${target}/${name}`;
  const begun: LookUps['begun'] = (target, kind) => latest.get(keyOf(target, kind))?.number ?? 0;
  return {
    begun,
    listAfter(before, target, kind, list) {
      const known = latest.get(keyOf(target, kind));
      if (known !== undefined && known.number > before) return known.listing;
      const listing = list();
      latest.set(keyOf(target, kind), { number: begun(target, kind) + 1, listing });
      return listing;
    },
  };
}
