import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openFileSource } from '../../../src/watch/source/file-source.js';
import { anamLlm, folder, later, projectFile, write } from '../../support/project.js';
import { until } from '../../support/until.js';

const PROJECT = projectFile('https://api.anam.ai');

describe('a project in a folder', () => {
  it('tells that a manifest changed, once for changes that come together', async () => {
    const { path, told } = await watched({ 'llmform.yaml': PROJECT, 'llms/a.yaml': anamLlm('a') });
    for (const name of ['a', 'b', 'c']) await write(path, { [`llms/${name}.yaml`]: anamLlm(name, 'gpt-5') });
    await until(() => told.length > 0);
    await settled();
    expect(told).toEqual(['files']);
  });

  it('tells of what an editor replaces, time and again', async () => {
    const { path, told } = await watched({ 'llmform.yaml': PROJECT, 'llms/a.yaml': anamLlm('a') });
    for (let n = 1; n <= 3; n += 1) {
      await write(path, {
        'llms/.a.yaml.swp': 'x',
        'llms/a.yaml~': 'x',
        [`new${n}`]: anamLlm('a', `gpt-${n}`),
      });
      await rename(join(path, `new${n}`), join(path, 'llms/a.yaml'));
      await until(() => told.length === n);
    }
  });

  it('tells of the project file: changed, gone, and back', async () => {
    const { path, told } = await watched({ 'llmform.yaml': PROJECT });
    await write(path, { 'llmform.yaml': `${PROJECT}guards: { maxDelete: 1 }\n` });
    await until(() => told.length === 1);
    await rm(join(path, 'llmform.yaml'));
    await until(() => told.length === 2);
    await write(path, { 'llmform.yaml': PROJECT });
    await until(() => told.length === 3);
  });

  it('tells of a folder that appears later, deep down, and goes away', async () => {
    const { path, told } = await watched({ 'llmform.yaml': PROJECT });
    await write(path, { 'llms/eu/west/a.yaml': anamLlm('a') });
    await until(() => told.length === 1);
    await write(path, { 'llms/eu/west/a.yaml': anamLlm('a', 'gpt-5') });
    await until(() => told.length === 2);
    await rm(join(path, 'llms'), { recursive: true });
    await until(() => told.length === 3);
  });

  it('follows the globs of a changed project file, and keeps them while it is broken', async () => {
    const { path, told, load } = await watched({ 'llmform.yaml': PROJECT, 'other/a.yaml': anamLlm('a') });
    await write(path, { 'llmform.yaml': PROJECT.replace('llms/', 'other/') });
    await until(() => told.length === 1);
    await load();
    await write(path, { 'other/a.yaml': anamLlm('a', 'gpt-5') });
    await until(() => told.length === 2);
    await write(path, { 'llmform.yaml': 'targets: [\n' });
    await until(() => told.length === 3);
    await write(path, { 'other/a.yaml': anamLlm('a', 'gpt-6') });
    await until(() => told.length === 4);
  });

  it('tells of a new version of a mounted ConfigMap, as Kubernetes puts it in place', async () => {
    const { path, told } = await watched({}, async (path) => {
      await write(join(path, '..v1'), { 'llmform.yaml': PROJECT, 'llms/a.yaml': anamLlm('a') });
      await symlink('..v1', join(path, '..data'));
      for (const name of ['llmform.yaml', 'llms']) await symlink(`..data/${name}`, join(path, name));
    });
    for (const n of [2, 3]) {
      await write(join(path, `..v${n}`), {
        'llmform.yaml': PROJECT,
        'llms/a.yaml': anamLlm('a', `gpt-${n}`),
      });
      await symlink(`..v${n}`, join(path, '..data_tmp'));
      await rename(join(path, '..data_tmp'), join(path, '..data'));
      // The old version goes later: its end is not what tells.
      await until(() => told.length === n - 1);
      await rm(join(path, `..v${n - 1}`), { recursive: true });
    }
  });

  it('tells of what a link inside the project points to, and of certificates', async () => {
    const target = `${PROJECT}    caFile: certs/ca.pem\n`;
    const { path, told } = await watched(
      { 'llmform.yaml': target, 'shared/a.yaml': anamLlm('a'), 'certs/ca.pem': 'one' },
      async (path) => {
        await mkdir(join(path, 'llms'));
        await symlink('../shared/a.yaml', join(path, 'llms/a.yaml'));
      },
    );
    await write(path, { 'shared/a.yaml': anamLlm('a', 'gpt-5') });
    await until(() => told.length === 1);
    await write(path, { 'certs/ca.pem': 'two' });
    await until(() => told.length === 2);
  });

  it('does not tell of the ledger, of git, of packages, of other files, or of a file that says the same', async () => {
    const everywhere = `${PROJECT.replace('llms/**/*.yaml', '**/*.yaml')}ledger: { type: file, path: state.json }\n`;
    const { path, told } = await watched({ 'llmform.yaml': everywhere, 'llms/a.yaml': anamLlm('a') });
    await write(path, {
      'state.json': '{}',
      '.llmform/x.yaml': 'x',
      '.git/config.yaml': 'x',
      'node_modules/a/b.yaml': 'x',
      'notes.txt': 'x',
      'llms/a.yaml': anamLlm('a'),
    });
    await settled();
    expect(told).toEqual([]);
    await write(path, { 'llms/a.yaml': anamLlm('a', 'gpt-5') });
    await until(() => told.length === 1);
  });

  it('finds by itself what the system did not report', async () => {
    // Longer than the test: events never get to tell anything.
    const { path, told } = await watched({ 'llmform.yaml': PROJECT }, undefined, {
      quietMs: 60_000,
      rescanMs: 50,
    });
    await write(path, { 'llms/a.yaml': anamLlm('a') });
    await until(() => told.length === 1);
  });

  it('says nothing any more once it is closed', async () => {
    const { path, told, close } = await watched({ 'llmform.yaml': PROJECT });
    await close();
    await writeFile(join(path, 'llmform.yaml'), 'x');
    await settled();
    expect(told).toEqual([]);
  });
});

/** Longer than a change needs to be told: for what must not happen there is nothing to wait for. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 400));

async function watched(
  files: Record<string, string>,
  prepare: (path: string) => Promise<void> = async () => undefined,
  options: { quietMs?: number; rescanMs?: number } = {},
) {
  const path = await folder(files);
  await prepare(path);
  const source = openFileSource(path, 'llmform.yaml', { quietMs: 100, ...options });
  later(() => source.close());
  const told: string[] = [];
  source.onChange((trigger) => told.push(trigger));
  await source.load();
  return { path, told, load: () => source.load(), close: () => source.close() };
}
