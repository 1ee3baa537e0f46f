import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { emulatedVendors, startEmulator } from '../../src/emulator/index.js';
import { capturingTerminal } from '../support/terminal.js';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const firstPlan = readme.slice(readme.indexOf('## A first real plan'), readme.indexOf('## Commands'));

describe('the first real plan of the README', () => {
  it('is there for every vendor', () => {
    expect(firstPlan.match(/^### .*/gm)).toHaveLength(emulatedVendors.length);
  });

  it.each(emulatedVendors)('works as it stands for %s', async (vendor) => {
    const files = filesOf(vendor);
    const folder = mkdtempSync(join(tmpdir(), 'llmform-readme-'));
    const emulator = await startEmulator(vendor);
    try {
      for (const [name, text] of files) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(
          join(folder, name),
          name === 'llmform.yaml' ? pointed(text, vendor, emulator.url) : text,
        );
      }
      const variables = [...files.values()].join('\n').matchAll(/fromEnv: (\w+)/g);
      const env = Object.fromEntries([...variables].map(([, name]) => [name, emulator.credential]));
      const run = async (...argv: string[]) => {
        const terminal = capturingTerminal({ cwd: folder, env });
        return { code: await main(argv, terminal), ...terminal.printed() };
      };
      expect(await run('validate')).toMatchObject({ code: 0, err: '' });
      expect(await run('plan', '--detailed-exitcode')).toMatchObject({ code: 2 });
      expect(await run('apply', '--auto-approve')).toMatchObject({ code: 0 });
      expect(await run('plan', '--detailed-exitcode')).toMatchObject({ code: 0 });
    } finally {
      await emulator.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

/** The files that a vendor's section shows, each named by its first line. */
function filesOf(vendor: string): Map<string, string> {
  const section = firstPlan.split(/^### /m).find((part) => part.toLowerCase().startsWith(vendor)) ?? '';
  const blocks = section.matchAll(/```yaml\n# (\S+)\n(.*?)```/gs);
  return new Map([...blocks].map(([, name = '', text = '']) => [name, text]));
}

/** The same project, at the emulator in place of the vendor. */
function pointed(text: string, vendor: string, url: string): string {
  const without = text.replace(/^ +(?:baseUrl|caFile): .*\n/gm, '');
  return without.replace(`vendor: ${vendor}`, (found) =>
    text.includes(`{ ${found}`) ? `${found}, baseUrl: "${url}"` : `${found}\n    baseUrl: ${url}`,
  );
}
