import { fileURLToPath } from 'node:url';
import { type Emulator, emulatedVendors, startEmulator } from '../emulator/index.js';
import { LlmformError } from '../model/llmform-error.js';
import { copyToTemporary } from '../platform/fs/copy-to-temporary.js';
import type { Terminal } from '../platform/process/terminal.js';
import type { Main } from './flags.js';
import { EXIT } from './output.js';

// From src/cli as from dist/chunks.
const EXAMPLE = fileURLToPath(new URL('../../examples/demo', import.meta.url));

/** `llmform demo`: the main job from the first plan to a healed drift, against the bundled emulators. */
export async function runDemo({ keep }: { keep: boolean }, terminal: Terminal, main: Main): Promise<number> {
  const emulators = await Promise.all(emulatedVendors.map((vendor) => startEmulator(vendor)));
  const project = await copyToTemporary(EXAMPLE, 'llmform.yaml', (text) => withUrls(text, emulators));
  const inside: Terminal = {
    ...terminal,
    cwd: project.folder,
    env: credentials(emulators),
    confirm: undefined,
  };
  const say = (text: string) => terminal.out(`\n${text}\n`);
  const run = async (line: string, expected: number) => {
    say(`$ llmform ${line}`);
    const code = await main(line.split(' '), inside);
    if (code !== expected)
      throw new UnexpectedExitError(`llmform ${line} ended with ${code}, not with ${expected}`);
  };
  try {
    terminal.out('Four vendors, emulated on this machine. Nothing leaves it.\n');
    say('1. The manifests are checked offline.');
    await run('validate', EXIT.done);
    say('2. A plan reads what is there and shows what is missing: everything. It cannot write.');
    await run('plan --detailed-exitcode', EXIT.changes);
    say('3. Apply does what the plan says, the secret before the configuration that refers to it.');
    await run('apply --auto-approve --quiet', EXIT.done);
    say('4. Now the vendors match the files: the second plan is empty.');
    await run('plan --detailed-exitcode', EXIT.done);
    say('5. A model and a description are changed in a console, outside llmform.');
    driftAway(emulators);
    await run('plan --detailed-exitcode', EXIT.changes);
    say('6. Apply heals the drift: one small request.');
    await run('apply --auto-approve --quiet', EXIT.done);
    await run('plan --detailed-exitcode', EXIT.done);
    terminal.out(
      keep
        ? `\nThe project is in ${project.folder}.\n`
        : '\nThat is all of it. The README has the first real plan.\n',
    );
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof UnexpectedExitError)) throw error;
    terminal.err(`${error.message}\n`);
    return EXIT.error;
  } finally {
    await Promise.all(emulators.map((emulator) => emulator.close()));
    if (!keep) await project.remove();
  }
}

class UnexpectedExitError extends LlmformError {
  override readonly name = 'UnexpectedExitError';
  readonly code = 'unexpected-exit';
}

/** The example names fixed ports, for playing by hand; here each vendor has a free one. */
function withUrls(text: string, emulators: readonly Emulator[]): string {
  return emulators.reduce(
    (result, { vendor, url }) =>
      result.replace(new RegExp(`(vendor: ${vendor}\\n\\s*baseUrl: )\\S+`), `$1${url}`),
    text,
  );
}

function credentials(emulators: readonly Emulator[]): Record<string, string> {
  const entries = emulators.map(({ vendor, credential }) => [`DEMO_${vendor.toUpperCase()}`, credential]);
  return { ...Object.fromEntries(entries), DEMO_OPENAI: 'sk-not-a-real-key' };
}

function driftAway(emulators: readonly Emulator[]): void {
  const anam = emulators.find(({ vendor }) => vendor === 'anam');
  const id = anam?.objects('LLM')[0]?.id;
  if (anam === undefined || typeof id !== 'string') return;
  anam.put('LLM', {
    id,
    modelName: 'gpt-4o-mini',
    description: 'Answers billing and sales questions on the help page, in English.',
  });
}
