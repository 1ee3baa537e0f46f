import { apply } from '../apply.js';
import type { Step } from '../step.js';
import { writeFiles } from '../walk.js';

/** `--at` reads what is committed. */
export const commitFiles: Step = {
  name: 'commit the files',
  isPossible: ({ world }) => world.commit !== undefined,
  async take(walk) {
    writeFiles(walk);
    const commit = await walk.world.commit?.();
    if (commit !== undefined)
      walk.commits.push({ commit, wanted: new Map(walk.wanted), names: namesOf(walk) });
  },
};

/** The manifests of then, and the ledger and secrets of today. */
export function applyOldCommit(back: number): Step {
  return {
    name: `apply --at ${back} commits ago`,
    isPossible: (walk) => walk.commits.at(-back)?.names === namesOf(walk),
    async take(walk) {
      const { wanted } = walk;
      const then = walk.commits.at(-back);
      if (then === undefined) return;
      walk.wanted = new Map(then.wanted);
      await apply(walk, '--at', then.commit, '--max-delete', '99');
      walk.wanted = wanted;
    },
  };
}

/** Addresses change with these, and the files of an earlier commit have the earlier ones. */
function namesOf({ project }: Parameters<Step['take']>[0]): string {
  const { main, side } = project.targets;
  return JSON.stringify([project.name, main?.name, main?.account.url, side?.name, side?.account.url]);
}
