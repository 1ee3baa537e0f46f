import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root, type Scratch, scratch } from './scratch.js';

const VENDOR = `export const vendor = { id: 'acme', title: 'Acme', kinds: [{ name: 'LLM', read() {}, rules: {
  fields: { owner: { immutable: true }, secret: { writeOnly: true } }, writes: 'merge-patch', replace: 'create-first',
} }] };`;

let project: Scratch;
beforeEach(async () => {
  project = await scratch();
});
afterEach(() => project.remove());

const generate = (...args: string[]) =>
  execa('node', ['scripts/generate.mjs', ...args], { cwd: project.folder, reject: false });
const read = (path: string) => readFile(join(project.folder, path), 'utf8');

describe('npm run generate', () => {
  it('has nothing to refresh in the files that are committed', async () => {
    const { exitCode, stderr } = await execa('node', ['scripts/generate.mjs', '--check'], {
      cwd: root,
      reject: false,
    });
    expect({ exitCode, stale: /stale/.test(stderr) }).toEqual({ exitCode: 0, stale: false });
  });

  it('changes nothing the second time', async () => {
    expect((await generate()).stderr).toContain('wrote src/manifest/schema/validators.generated.js');
    expect((await generate()).stderr).not.toContain('wrote');
  });

  it('notices a change of a schema, and --check leaves the files alone', async () => {
    await generate();
    const before = await read('schemas/manifest.schema.json');
    await project.write(
      'schemas/anam.schema.json',
      (await read('schemas/anam.schema.json')).replace('gpt-4o', 'gpt-5'),
    );

    const check = await generate('--check');
    expect(check.exitCode).toBe(1);
    expect(check.stderr).toContain('stale: schemas/manifest.schema.json');
    expect(await read('schemas/manifest.schema.json')).toBe(before);

    await generate();
    expect(await read('schemas/manifest.schema.json')).toContain('gpt-5');
    expect((await generate('--check')).exitCode).toBe(0);
  });

  it('repairs a manifest schema that is no JSON', async () => {
    await project.write('schemas/manifest.schema.json', '<<<<<<< ours');
    expect((await generate('--check')).exitCode).toBe(1);
    expect((await generate()).exitCode).toBe(0);
    expect(JSON.parse(await read('schemas/manifest.schema.json'))).toHaveProperty(
      'title',
      'llmform manifest',
    );
  });

  it('finds a new vendor and its emulator by their files', async () => {
    await project.write('src/vendors/acme-ai/index.ts', VENDOR);
    await project.write('src/vendors/unfinished/api.ts', '');
    await project.write('src/emulator/vendors/acme-ai.ts', '');
    await project.write('schemas/acme-ai.schema.json', await read('schemas/anam.schema.json'));
    await generate();
    const vendors = await read('src/vendors/index.generated.ts');
    expect(vendors).toContain("import { vendor as acmeAi } from './acme-ai/index.js';");
    expect(vendors).toContain('export const vendors: readonly Vendor[] = [acmeAi];');
    expect(await read('src/emulator/index.generated.ts')).toContain("'acme-ai': acmeAi,");
    expect(await read('src/manifest/schema/validators.generated.js')).toContain('"acme-ai/LLM"');
    expect(JSON.parse(await read('schemas/manifest.schema.json')).properties.vendor.enum).toContain(
      'acme-ai',
    );
  });

  it('makes a check of every schema beside the code, which drops and refuses as the schema says', async () => {
    await project.write(
      'src/deep/er/thing.schema.json',
      JSON.stringify({
        type: 'object',
        additionalProperties: false,
        required: ['options'],
        properties: { options: { $ref: 'plan.schema.json#/properties/options' }, title: { type: 'string' } },
      }),
    );
    await generate();
    expect(await read('src/deep/er/thing.schema.generated.d.ts')).toContain(
      "from '../../model/compiled-schema.js'",
    );
    const { validate } = await import(join(project.folder, 'src/deep/er/thing.schema.generated.js'));
    const options = { targets: [], prune: false, adopt: false, trustSecrets: false, later: 1 };
    const value = { options, title: 't', later: 1 };
    expect({ valid: validate(value), value }).toEqual({ valid: true, value: { options, title: 't' } });
    expect(validate({ options: { ...options, targets: 'a' } })).toBe(false);
  });

  it('names the schema that is broken, without a stack trace', async () => {
    await project.write('schemas/anam.schema.json', '{');
    const { exitCode, stderr } = await generate();
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^generate: schemas\/anam\.schema\.json cannot be read: .*$/);
  });
});

describe('docs/reference', () => {
  const page = (name: string) => read(`docs/reference/${name}.md`);

  it('has the fields of every vendor, of manifests and of the project file', async () => {
    await generate();
    expect(await page('anam')).toContain('| `urls[].url` | string | yes | Full URL');
    expect(await page('liveavatar')).toContain('Secret/&lt;name>');
    expect(await page('manifest')).toContain('| `metadata.name` | string | yes |');
    expect(await page('project-file')).toContain('| `targets.<name>.vendor` | string | yes |');
    expect((await generate('--check')).exitCode).toBe(0);

    await project.write('docs/reference/anam.md', (await page('anam')).replace('Full URL', 'Some URL'));
    expect((await generate('--check')).stderr).toContain('stale: docs/reference/anam.md');
  });

  it('has the capabilities of the vendors', async () => {
    await project.write('src/vendors/acme/index.ts', VENDOR);
    await generate();
    const text = await page('capabilities');
    expect(text).toContain('|  | Acme LLM |');
    expect(text).toContain('| read one | yes |');
    expect(text).toContain('| delete | no |');
    expect(text).toContain('| immutable fields | `owner` |');
  });

  it('leaves pages alone whose sources are missing', async () => {
    await project.write('docs/reference/commands.md', 'as it was');
    const { exitCode, stderr } = await generate();
    expect(exitCode).toBe(0);
    for (const name of ['commands', 'metrics', 'action', 'capabilities'])
      expect(stderr).toContain(`docs/reference/${name}.md is left as it is`);
    expect(await page('commands')).toBe('as it was');
  });
});

describe('docs/reference of this repository', () => {
  const page = (name: string) => readFile(join(root, `docs/reference/${name}.md`), 'utf8');

  it('has the help of every command as it is printed', async () => {
    const { stdout } = await execa('node', ['dist/cli.js', 'help', 'apply'], {
      cwd: root,
      env: { COLUMNS: '100' },
    });
    const plain = (text: string) => text.replaceAll(/\s+/g, ' ');
    expect(plain(await page('commands'))).toContain(plain(stdout));
  });

  it('has the metrics and the inputs of the Action', async () => {
    expect(await page('metrics')).toContain('| `llmform_drift_detected` | gauge | `target` |');
    expect(await page('action')).toContain('| `fail-on-drift` | `false` |');
  });
});
