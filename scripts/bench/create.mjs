import { measured } from './measure.mjs';
import { openProject } from './stage.mjs';
import { mib, ms, printTable } from './table.mjs';

/** An apply that creates everything, ledger and read-back included. */
export async function benchCreate(stage) {
  const rows = [];
  for (const [count, latencyMs] of [
    [1000, 0],
    [1000, 50],
  ]) {
    const project = await openProject(stage, count, { objects: 0, latencyMs });
    const apply = project.llmform('apply', '--auto-approve', '--quiet');
    const { wall, cpu, peak } = await measured(apply, project.place);
    const { reads, writes } = await project.seen();
    const title = `${count.toLocaleString('en')} objects${latencyMs > 0 ? `, ${latencyMs} ms a request` : ''}`;
    rows.push([title, ms(wall), ms(cpu), mib(peak), reads, writes]);
  }
  printTable(
    'An apply that creates everything (one run)',
    ['', 'wall', 'cpu', 'peak', 'reads', 'writes'],
    rows,
  );
}
