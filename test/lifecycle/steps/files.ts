import { apply, canFail } from '../apply.js';
import { boundLive } from '../check.js';
import type { Step } from '../step.js';
import { rotate, versionsOf, type Walk, wantedOf, writeFiles } from '../walk.js';

export function add(thing: number): Step {
  return {
    name: `add a manifest of thing ${thing}`,
    isPossible: ({ wanted }) => !wanted.has(thing),
    take: (walk) => change(walk, () => walk.wanted.set(thing, wantedOf(thing))),
  };
}

export function edit(thing: number, version: number): Step {
  return {
    name: `edit the manifest of thing ${thing} to version ${version}`,
    isPossible: ({ wanted, cast }) =>
      (wanted.get(thing)?.version ?? version) !== version && version < versionsOf(cast).length,
    take: (walk) => change(walk, () => alter(walk, thing, { version })),
  };
}

export function remove(thing: number): Step {
  return {
    name: `remove the manifest of thing ${thing}`,
    isPossible: ({ wanted }) => wanted.has(thing),
    take: (walk) => change(walk, () => walk.wanted.delete(thing)),
  };
}

/** A new `metadata.name` and nothing else: an orphan and a create. */
export function rename(thing: number): Step {
  return {
    name: `give thing ${thing} another metadata.name`,
    isPossible: ({ wanted }) => wanted.has(thing),
    take: (walk) => change(walk, () => alter(walk, thing, { name: otherName(walk, thing) })),
  };
}

/** The way to rename that needs no statement: bind the object by its id, and take the id out again. */
export function renameById(thing: number): Step {
  return {
    name: `rename thing ${thing} with metadata.id`,
    isPossible: (walk) => !walk.loose && boundLive(walk, thing) !== undefined && !canFail(walk, []),
    async take(walk) {
      const id = boundLive(walk, thing);
      if (id === undefined) return;
      change(walk, () => alter(walk, thing, { name: otherName(walk, thing), id }));
      await apply(walk, '--max-delete', '99');
      change(walk, () => alter(walk, thing, {}));
    },
  };
}

/** As `git revert` does, where no ledger is committed. */
export function revert(back: number): Step {
  return {
    name: `take the manifests ${back} commits back`,
    isPossible: ({ history }) => history.length >= back,
    take: (walk) =>
      change(walk, () => {
        const earlier = walk.history.at(-back)?.wanted ?? walk.wanted;
        // An id that was written for one apply would take back what may belong to others by now.
        walk.wanted = new Map([...earlier].map(([thing, { id: _, ...wanted }]) => [thing, wanted]));
      }),
  };
}

export const rotateSecret: Step = {
  name: "change the secret's variable",
  take: rotate,
};

/** Changes the files, and keeps the state before as a commit. */
export function change(walk: Walk, work: () => void): void {
  const ledger = walk.world.ledger();
  walk.history.push({
    wanted: new Map(walk.wanted),
    ...(ledger && { ledger: JSON.stringify(ledger), serial: ledger.serial }),
  });
  work();
  writeFiles(walk);
}

/** Gives a manifest other values; an id that was written for one apply goes with the next change. */
export function alter(
  { wanted }: Walk,
  thing: number,
  changes: { name?: string; version?: number; id?: string },
): void {
  const { id: _, ...before } = wanted.get(thing) ?? wantedOf(thing);
  wanted.set(thing, { ...before, ...changes });
}

export function otherName({ wanted }: Walk, thing: number): string {
  return wanted.get(thing)?.name === `llm-${thing}` ? `renamed-${thing}` : `llm-${thing}`;
}
