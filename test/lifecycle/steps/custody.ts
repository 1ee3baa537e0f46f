import { demand, run } from '../run.js';
import type { Step } from '../step.js';
import { writeFiles } from '../walk.js';
import { demandRefused } from './targets.js';

/** The ledger moves to another place: refused until it is carried over. */
export const migrateLedger: Step = {
  name: 'carry the ledger over to another place',
  isPossible: (walk) => walk.bound.size > 0 && walk.world.ledger() !== undefined,
  async take(walk) {
    const { world } = walk;
    const from = world.place;
    world.place = world.otherPlace();
    writeFiles(walk);
    await demandRefused(walk, 4, 'migrate');
    const source = from.type === 'git' ? 'git' : `file:${from.path}`;
    const ended = await run(walk, ['ledger', 'migrate', '--from', source, '--auto-approve']);
    demand(walk, ended.code === 0, 'the ledger could not be carried over', ended);
  },
};

/** As `git revert` does where the ledger is committed with the manifests; the way out is the newer ledger. */
export function revertWithLedger(back: number): Step {
  return {
    name: `take the manifests and the ledger ${back} commits back`,
    isPossible: ({ history, world }) =>
      world.place.type === 'file' &&
      (history.at(-back)?.serial ?? Number.POSITIVE_INFINITY) < (world.ledger()?.serial ?? 0),
    async take(walk) {
      const { world } = walk;
      const earlier = walk.history.at(-back);
      const newer = world.ledger();
      if (earlier?.ledger === undefined || newer === undefined || world.place.type !== 'file') return;
      walk.wanted = new Map(earlier.wanted);
      world.write(world.place.path, earlier.ledger);
      writeFiles(walk);
      await demandRefused(walk, 4, 'older');
      world.write(world.place.path, JSON.stringify(newer));
    },
  };
}
