import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { apply } from '../apply.js';
import { everything } from '../objects.js';
import { demand, run, said } from '../run.js';
import type { Step } from '../step.js';
import { SIDE_THING, type Walk, writeFiles } from '../walk.js';

/** Another account under the same name, which is refused; then back. */
export const swapAccountAndBack: Step = {
  name: 'put another account behind a target, and take it back',
  isPossible: isApplied,
  async take(walk) {
    await swapRefused(walk, (back) => back());
  },
};

/** Another account under the same name, on purpose. */
export const rebind: Step = {
  name: 'put another account behind a target, and rebind it',
  isPossible: (walk) => isApplied(walk) && !walk.loose,
  async take(walk) {
    await swapRefused(walk, async () => {
      await apply(walk, '--rebind', walk.project.targets.main?.name ?? '', '--max-delete', '99');
    });
  },
};

async function swapRefused(walk: Walk, goOn: (back: () => void) => Promise<void> | void): Promise<void> {
  const { main } = walk.project.targets;
  if (main === undefined) return;
  const other = await walk.world.openAccount(walk.world.env.KEY_MAIN ?? '');
  walk.accounts.push(other);
  walk.project.targets.main = { ...main, account: other };
  writeFiles(walk);
  await demandRefused(walk, 4, '--rebind');
  demand(walk, other.requests.length === 0, 'the credential was shown to another account');
  await goOn(() => {
    walk.project.targets.main = main;
    writeFiles(walk);
  });
}

export const renameTarget: Step = {
  name: 'rename a target without a statement, and back',
  isPossible: isApplied,
  async take(walk) {
    const { main } = walk.project.targets;
    if (main === undefined) return;
    walk.project.targets.main = { ...main, name: otherTargetName(main.name) };
    writeFiles(walk);
    await demandRefused(walk, 1, `moved: [{ from: ${main.name},`);
    walk.project.targets.main = main;
    writeFiles(walk);
  },
};

export const removeTarget: Step = {
  name: 'take a target out of the project, and put it back',
  isPossible: (walk) => holds(walk, 'side'),
  async take(walk) {
    const { side } = walk.project.targets;
    walk.project.targets.side = undefined;
    writeFiles(walk);
    await demandRefused(walk, 1, 'forget: [side]');
    walk.project.targets.side = side;
    writeFiles(walk);
  },
};

export const renameProject: Step = {
  name: 'rename the project without a statement, and back',
  isPossible: ({ world }) => world.ledger() !== undefined,
  async take(walk) {
    writeFiles(walk, '', 'heads');
    await demandRefused(walk, 4, walk.project.name);
    writeFiles(walk);
  },
};

/** The same files under another name, at the same accounts: what is there is not its own. */
export const copyProject: Step = {
  name: 'copy the project under another name, and prune the copy',
  async take(walk) {
    const copy = join(walk.world.folder, 'copy');
    const before = everything(walk);
    const wanted = walk.wanted;
    // What an earlier copy left behind is none of this one's.
    const name = `copy-${walk.story.length}`;
    const write = () => writeFiles(walk, 'copy/', name, { type: 'file', path: '.llmform/ledger.json' });
    write();
    // Seen from the copy, everything that was there belongs to others.
    const ours = walk.ours;
    walk.ours = new Set();
    try {
      const made = await run(walk, ['apply', '--auto-approve', '--format', 'json'], { folder: copy });
      demand(walk, [0, 1, 3].includes(made.code), 'the copy could not be applied', made);
      walk.wanted = new Map([...wanted].filter(([thing]) => thing === SIDE_THING));
      walk.loose = walk.loose || made.code !== 0;
      write();
      const flags = ['--auto-approve', '--prune', '--max-delete', '99'];
      const pruned = await runLoosely(walk, ['apply', '--format', 'json', ...flags], copy);
      demand(walk, [0, 1, 3].includes(pruned.code), 'the copy could not be pruned', pruned);
    } finally {
      walk.wanted = wanted;
      walk.ours = ours;
      rmSync(copy, { recursive: true, force: true });
    }
    const after = everything(walk);
    const gone = [...before.keys()].filter((key) => !after.has(key));
    demand(walk, gone.length === 0, `the copy deleted ${gone.join(', ')}`);
    // Without marks, what is left of it looks like an object that was made by hand, which is a step of its own.
    const left = walk.marked ? [] : [...after.values()].filter(({ key }) => !before.has(key));
    for (const { account, kind, id } of left) account.drop(kind, id);
  },
};

/** The copy has a ledger of its own, which the model does not follow. */
async function runLoosely(walk: Walk, argv: readonly string[], folder: string) {
  const { loose, bound } = walk;
  walk.loose = true;
  walk.bound = new Map();
  try {
    return await run(walk, argv, { folder });
  } finally {
    walk.loose = loose;
    walk.bound = bound;
  }
}

/** Plan and apply are refused alike, name the way out, and write nothing. */
export async function demandRefused(walk: Walk, code: number, way: string): Promise<void> {
  for (const argv of [['plan'], ['apply', '--auto-approve', '--prune', '--max-delete', '99']]) {
    const before = writesAt(walk);
    const ended = await run(walk, argv);
    demand(walk, ended.code === code, `${argv[0]} should end with ${code}`, ended);
    demand(walk, said(ended).includes(way), `${argv[0]} does not name ${way}`, ended);
    demand(walk, writesAt(walk) === before, `${argv[0]} was refused and wrote`, ended);
  }
}

function writesAt({ accounts }: Walk): number {
  return accounts.flatMap(({ requests }) => requests.filter(({ method }) => method !== 'GET')).length;
}

function isApplied(walk: Walk): boolean {
  return holds(walk, 'main');
}

export function otherTargetName(name: string): string {
  return name === 'main' ? 'main-eu' : 'main';
}

/** The ledger remembers objects of a target. */
export function holds(walk: Walk, side: 'main' | 'side'): boolean {
  const name = walk.project.targets[side]?.name;
  const objects = Object.keys(walk.world.ledger()?.objects ?? {});
  return objects.some((address) => address.startsWith(`${name}/`));
}
