import { inTurn, run } from './measure.mjs';
import { openProject } from './stage.mjs';
import { ms, printTable, times } from './table.mjs';

/** The time of the small commands, beside a bare Node. */
export async function benchStart(stage) {
  const { place, llmform } = await openProject(stage, 1);
  const commands = {
    'node -e 0': ['-e', '0'],
    'llmform --version': [stage.cli, '--version'],
    'llmform --help': [stage.cli, '--help'],
    'llmform validate (1 file)': llmform('validate'),
    'llmform plan (1 object)': llmform('plan', '--trust-secrets'),
  };
  const results = await inTurn(
    25,
    Object.values(commands).map((args) => () => run(process.execPath, args, place)),
  );
  const bare = results[0].wall;
  printTable(
    'Start-up (wall, medians of 25 runs in turn; the aim for --version is 1.5 x)',
    ['', 'wall', 'beside bare Node'],
    Object.keys(commands).map((name, i) => [name, ms(results[i].wall), times(results[i].wall / bare)]),
  );
}
