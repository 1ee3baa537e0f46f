import type { JsonObject } from '../../../src/model/json.js';
import { boundLive } from '../check.js';
import { nameOf, namesakes, wantedName } from '../objects.js';
import type { Step } from '../step.js';
import { accountOf, type Walk, wantedOf } from '../walk.js';

/** A declared field, with a value that no manifest has. */
const EDITS: Readonly<Record<string, JsonObject>> = {
  liveavatar: { model_name: 'console' },
  anam: { modelName: 'console' },
  goodmem: { endpointUrl: 'https://console.example.com/v1' },
  flashback: { endpoint: 'https://console.example.com/v1' },
};

export function editInConsole(thing: number): Step {
  return {
    name: `edit the object of thing ${thing} in the console`,
    isPossible: (walk) => boundLive(walk, thing) !== undefined,
    take(walk) {
      const id = boundLive(walk, thing);
      const account = accountOf(walk, thing);
      if (id === undefined || account === undefined) return;
      account.put(walk.cast.kind, { ...EDITS[walk.world.vendor], [idField(walk)]: id });
      walk.edited.add(id);
    },
  };
}

export function deleteInConsole(thing: number): Step {
  return {
    name: `delete the object of thing ${thing} in the console`,
    isPossible: (walk) => boundLive(walk, thing) !== undefined,
    take(walk) {
      const id = boundLive(walk, thing);
      if (id !== undefined) accountOf(walk, thing)?.drop(walk.cast.kind, id);
    },
  };
}

/** An object that is made by hand, with the name that a manifest has or will have. */
export function makeInConsole(thing: number): Step {
  return {
    name: `make a namesake of thing ${thing} in the console`,
    // One vendor does not allow a second object of a name.
    isPossible: (walk) => walk.world.vendor !== 'flashback' || !isTaken(walk, thing),
    take: (walk) => void accountOf(walk, thing)?.put(walk.cast.kind, walk.cast.foreign(thing)),
  };
}

/** What was made by hand goes again. */
export function tidyConsole(thing: number): Step {
  const foreign = (walk: Walk) => namesakes(walk, walk.wanted.get(thing) ?? wantedOf(thing));
  return {
    name: `delete the namesakes of thing ${thing} in the console`,
    isPossible: (walk) => foreign(walk).length > 0,
    take(walk) {
      for (const { account, kind, id } of foreign(walk)) account.drop(kind, id);
    },
  };
}

function isTaken(walk: Walk, thing: number): boolean {
  const name = wantedName(walk, wantedOf(thing));
  return (
    accountOf(walk, thing)
      ?.objects(walk.cast.kind)
      .some((object) => nameOf(object) === name) ?? true
  );
}

function idField({ world }: Walk): string {
  return world.vendor === 'goodmem' ? 'llmId' : 'id';
}
