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
    expect((await generate()).stderr).toContain('wrote src/manifest/validators.generated.js');
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
    expect(await read('src/manifest/validators.generated.js')).toContain('"acme-ai/LLM"');
    expect(JSON.parse(await read('schemas/manifest.schema.json')).properties.vendor.enum).toContain(
      'acme-ai',
    );
  });

  it('names the schema that is broken, without a stack trace', async () => {
    await project.write('schemas/anam.schema.json', '{');
    const { exitCode, stderr } = await generate();
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^generate: schemas\/anam\.schema\.json cannot be read: .*$/);
  });
});

describe('the README', () => {
  const marked =
    'Hello\n<!-- reference:start -->\nold\n<!-- reference:end -->\n<!-- capabilities:start -->\n<!-- capabilities:end -->\nBye\n';

  it('gets the reference and the table of capabilities between its marks', async () => {
    await project.write('src/vendors/acme/index.ts', VENDOR);
    await project.write('README.md', marked);
    await generate();
    const text = await read('README.md');
    expect(text).toMatch(/^Hello\n[^]*\nBye\n$/);
    expect(text).not.toMatch(/^old$/m);
    expect(text).toContain('| `urls[].url` | string | yes | Full URL');
    expect(text).toContain('Secret/&lt;name>');
    expect(text).toContain('|  | Acme LLM |');
    expect(text).toContain('| read one | yes |');
    expect(text).toContain('| delete | no |');
    expect(text).toContain('| immutable fields | `owner` |');
    expect((await generate('--check')).exitCode).toBe(0);

    await project.write('README.md', text.replace('Full URL', 'Some URL'));
    expect((await generate('--check')).stderr).toContain('stale: README.md');
  });

  it('is left as it is where it has no marks, or where there are no vendors yet', async () => {
    expect((await generate()).stderr).toContain('there is no README.md yet');
    await project.write('README.md', marked.replace(/<!-- reference.*\n/g, ''));
    const { exitCode, stderr } = await generate();
    expect(exitCode).toBe(0);
    expect(stderr).toContain('the part "reference" is left as it is');
    expect(stderr).toContain('the part "capabilities" is left as it is');
    expect(await read('README.md')).toBe(marked.replace(/<!-- reference.*\n/g, ''));
  });
});
