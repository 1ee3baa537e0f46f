import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { measured, run } from './measure.mjs';
import { openProject } from './stage.mjs';
import { mib, ms, printTable, times } from './table.mjs';

const SMALL = 1000;
const LARGE = 10_000;

/** Applies that create everything, read-back and ledger included: how they grow, and what each kind of ledger takes. */
export async function benchCreate(stage) {
  const rows = [];
  const walls = new Map();
  for (const [count, latencyMs, type] of [
    [SMALL, 0, 'file'],
    [SMALL, 0, 'git'],
    [SMALL, 50, 'file'],
    [SMALL, 50, 'git'],
    [LARGE, 0, 'file'],
    [LARGE, 0, 'git'],
    [LARGE, 50, 'file'],
    [LARGE, 50, 'git'],
  ]) {
    const project = await openProject(stage, count, { objects: 0, latencyMs, ledger: type });
    const place = type === 'git' ? await withRemote(project) : project.place;
    const { wall, cpu, peak } = await measured(project.llmform('apply', '--auto-approve', '--quiet'), place);
    walls.set(`${count} ${latencyMs} ${type}`, wall);
    const { reads, writes } = await project.seen();
    if (writes !== count) throw new Error(`${writes} writes for ${count} objects`);
    const pushes = type === 'git' ? await countPushes(project) : '';
    const size = type === 'git' ? mib((await sizeOf(join(project.folder, 'origin.git'))) / 1024 / 1024) : '';
    const title = `${count.toLocaleString('en')}, ${latencyMs} ms, ${type} ledger`;
    const ideal = latencyMs > 0 ? times(wall / ((count * latencyMs) / project.concurrency)) : '';
    const small = walls.get(`${SMALL} ${latencyMs} ${type}`);
    const linear = count === LARGE ? times(wall / (small * (LARGE / SMALL))) : '';
    const file = type === 'git' ? times(wall / walls.get(`${count} ${latencyMs} file`)) : '';
    rows.push([title, ms(wall), ms(cpu), mib(peak), reads, writes, ideal, linear, file, pushes, size]);
  }
  printTable(
    'An apply that creates everything (one run; aims: 2.0 x the ideal for 1,000, 1.6 x for 10,000; 1.2 x linear; 1.6 x file)',
    ['', 'wall', 'cpu', 'peak', 'reads', 'writes', 'ideal', 'linear', 'file', 'pushes', 'remote'],
    rows,
  );
}

/** Makes the project a clone of a bare repository beside it, which counts what is pushed to it. */
async function withRemote({ folder, place }) {
  const env = { ...place.env, HOME: folder, GIT_CONFIG_NOSYSTEM: '1' };
  const bare = join(folder, 'origin.git');
  await run('git', ['init', '--quiet', '--bare', '--template=', bare], { cwd: folder, env });
  await run('git', ['init', '--quiet', folder], { cwd: folder, env });
  await run('git', ['remote', 'add', 'origin', `file://${bare}`], { cwd: folder, env });
  await run('git', ['--git-dir', bare, 'config', 'core.logAllRefUpdates', 'always'], { cwd: folder, env });
  return { ...place, env };
}

/** Of the ledger itself: those of its lock alone are not counted. */
async function countPushes({ folder }) {
  const log = await readFile(join(folder, 'origin.git', 'logs', 'refs', 'llmform', 'ledger'), 'utf8');
  return log.trimEnd().split('\n').length;
}

async function sizeOf(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
