import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findFiles } from '../../src/platform/fs/find-files.js';
import { openGit } from '../../src/platform/git/git.js';
import { filesMatching, readTree } from '../../src/platform/git/tree.js';
import { offlineDocument } from '../../src/report/index.js';
import { parseGlobs } from '../../src/usecases/find-manifests.js';
import { planOffline } from '../../src/usecases/offline-plan.js';
import { AUTHOR, type Hub, openHub } from '../support/git-repository.js';
import { anamLlm } from '../support/project.js';

let hub: Hub;
let work: string;

beforeEach(async () => {
  hub = await openHub();
  work = await hub.clone('work');
});
afterEach(() => hub.remove());

type Files = Record<string, string | undefined>;

/** Commits files on a branch of their own and pushes it; undefined removes one. Returns the commit. */
async function commit(branch: string, files: Files, from?: string): Promise<string> {
  await hub.git(work, 'checkout', '--quiet', '-B', branch, ...(from ? [from] : []));
  const made = await hub.commit(work, files);
  await hub.git(work, 'push', '--quiet', '--force', 'origin', branch);
  return made;
}

const PROJECT = `apiVersion: llmform/v1
kind: Project
name: shop
targets:
  anam: { vendor: anam, auth: { fromEnv: ANAM_API_KEY } }
`;

const BASE: Files = {
  'llmform.yaml': PROJECT,
  'manifests/kept.yaml': anamLlm('kept'),
  'manifests/edited.yaml': anamLlm(
    'edited',
    'gpt-4o',
    '  description: old\n  metadata: { team: voice, owner: mia }\n',
  ),
  'manifests/gone.yaml': anamLlm('gone'),
};

/** What `actions/checkout` leaves: the merge of a pull request, and nothing of its history. */
async function checkOutMerge(base: string, head: string): Promise<string> {
  await hub.git(work, 'checkout', '--quiet', '-B', 'merge', base);
  await hub.git(work, ...AUTHOR, 'merge', '--quiet', '--no-ff', '-m', 'merge', head);
  await hub.git(work, 'push', '--quiet', '--force', 'origin', 'merge');
  return hub.clone('runner', '--depth=1', '--branch=merge');
}

async function plan(cwd: string, pull: { head: string; base: string }, config = 'llmform.yaml') {
  const options = { config, target: [], allowHost: [], allowFile: [], allowCommands: false };
  // No credential, no secret: nothing of the kind may be asked for.
  return await planOffline(options, { cwd, env: hub.env }, pull);
}

const NOBODY = '0'.repeat(40);

describe('a plan without vendors', () => {
  it('compares a renamed manifest with what it was, and names the statements that are new', async () => {
    const base = await commit('main', BASE);
    const changes = {
      'manifests/gone.yaml': undefined,
      'manifests/new.yaml': anamLlm('gone').replace('metadata: { name: gone', 'metadata: { name: renamed'),
      'manifests/ledger.yaml':
        'apiVersion: llmform/v1\nkind: Ledger\nproject: shop\nmoved: [{ from: anam/LLM/gone, to: anam/LLM/renamed }]\nforget: [anam/LLM/older]\n',
    };
    const head = await commit('topic', changes, base);
    const found = await plan(await checkOutMerge(base, head), { head, base });
    expect(found.plan.changes).toEqual([]);
    expect(found.plan.diagnostics.map(({ summary, line }) => `${line} ${summary}`)).toEqual([
      '4 the Ledger document gains moved: object anam/LLM/gone to anam/LLM/renamed',
      '5 the Ledger document gains forget: anam/LLM/older',
    ]);
  });

  it('compares the merge of a pull request with what it was merged into', async () => {
    const base = await commit('main', BASE);
    const changes = {
      'manifests/edited.yaml': anamLlm(
        'edited',
        'gpt-4o',
        '  description: new\n  metadata: { team: voice }\n',
      ),
      'manifests/gone.yaml': undefined,
      'manifests/added.yaml': anamLlm('added'),
    };
    const head = await commit('topic', changes, base);
    const moved = await commit('main', { 'manifests/other.yaml': anamLlm('other') }, base);
    const runner = await checkOutMerge(moved, head);
    // The event was sent before the branch moved on.
    const found = await plan(runner, { head, base });
    expect(found.state).toBe('compared');
    expect(found.plan.summary).toMatchObject({ create: 1, update: 1, delete: 1, noop: 2 });
    expect(found.plan.changes.map(({ address, action }) => `${action} ${address}`)).toEqual([
      'create anam/LLM/added',
      'update anam/LLM/edited',
      'delete anam/LLM/gone',
    ]);
    const [added, edited, gone] = found.plan.changes;
    expect(added?.fields).toContainEqual({
      path: '/secret',
      after: { fromEnv: 'OPENAI' },
      cause: 'unknown',
    });
    expect(edited?.fields).toEqual([
      { path: '/description', before: 'old', after: 'new', cause: 'manifest' },
      { path: '/metadata/owner', before: 'mia', cause: 'manifest' },
    ]);
    expect(gone?.source).toBeUndefined();
    expect(found.plan.changes.flatMap(({ requests }) => requests)).toEqual([]);
    const { text } = offlineDocument(found.plan, found.state);
    expect(text).toContain('**Manifests: 1 to create, 1 to update, 1 to delete; 2 unchanged.**');
    expect(text).toContain('compared with the base branch, not with the vendors');
  });

  it('takes the base of the event where the pull request itself is checked out', async () => {
    const base = await commit('main', BASE);
    const head = await commit(
      'topic',
      { 'manifests/kept.yaml': anamLlm('kept', 'gpt-4o', '  temperature: 1\n') },
      base,
    );
    const runner = await hub.clone('runner', '--depth=1', '--branch=topic');
    const { plan: found } = await plan(runner, { head, base });
    expect(found.changes.map(({ fields }) => fields)).toEqual([
      [{ path: '/temperature', after: 1, cause: 'manifest' }],
    ]);
    expect((await plan(runner, { head, base: '--upload-pack=x' })).state).toBe('alone');
  });

  it('says where secrets and credentials would go from now on', async () => {
    const base = await commit('main', BASE);
    const evil = PROJECT.replace('anam, auth', 'anam, baseUrl: "https://evil.example", auth');
    const files = {
      'llmform.yaml': `${evil}guards: { maxDelete: 99 }\n`,
      'manifests/kept.yaml': anamLlm('kept').replace('fromEnv: OPENAI', 'fromCommand: [printenv]'),
    };
    const head = await commit('topic', files, base);
    const found = await plan(await hub.clone('runner', '--depth=1', '--branch=topic'), { head, base });
    expect(found.plan.changes[0]?.fields).toEqual([
      {
        path: '/secret',
        before: { fromEnv: 'OPENAI' },
        after: { fromCommand: ['printenv'] },
        cause: 'manifest',
      },
    ]);
    expect(
      found.plan.diagnostics.map(({ severity, code, summary }) => `${severity} ${code} ${summary}`),
    ).toEqual([
      'warning project the project file changes guards.maxDelete',
      'warning project the project file changes targets.anam.baseUrl',
      'warning guard target anam: https://evil.example is not allowed to receive its credential',
      expect.stringContaining('running a command is not allowed'),
    ]);
    expect(found.plan.diagnostics[1]?.detail).toBe('from "https://api.anam.ai" to "https://evil.example"');
    expect(JSON.stringify(found)).not.toContain(hub.folder);
  });

  it('shows what the vendor cannot change as replaced, and what guards an object as a field', async () => {
    const guarded = anamLlm('kept').replace('spec:', 'lifecycle: { preventDestroy: true }\nspec:');
    const base = await commit('main', { ...BASE, 'manifests/kept.yaml': guarded });
    const changed = anamLlm('kept').replace('llmFormat: openai', 'llmFormat: gemini');
    const head = await commit('topic', { 'manifests/kept.yaml': changed }, base);
    const found = await plan(await hub.clone('runner', '--depth=1', '--branch=topic'), { head, base });
    expect(found.plan.changes).toMatchObject([
      {
        action: 'replace',
        fields: [
          { path: '/llmFormat', before: 'openai', after: 'gemini', forcesReplacement: true },
          { path: 'lifecycle.preventDestroy', before: true },
        ],
      },
    ]);
  });

  it('shows everything as new where the base has mistakes, or no project, or is not to be had', async () => {
    const broken = await commit('main', { ...BASE, 'manifests/kept.yaml': 'kind: LLM\n' });
    const head = await commit('topic', { 'manifests/kept.yaml': anamLlm('kept') }, broken);
    const runner = await hub.clone('runner', '--depth=1', '--branch=topic');
    const found = await plan(runner, { head, base: broken });
    expect(found.state).toBe('alone');
    expect(found.plan.summary).toMatchObject({ create: 3, noop: 0 });
    expect(found.plan.diagnostics).toMatchObject([
      {
        severity: 'warning',
        summary: 'the base branch cannot be compared with: its manifests have mistakes',
      },
    ]);
    const { text } = offlineDocument(found.plan, found.state);
    expect(text).toContain('**Nothing to compare with: 3 manifests in this pull request.**');

    const seed = await hub.git(work, 'rev-list', '--max-parents=0', 'HEAD');
    const fresh = await plan(runner, { head, base: seed });
    expect(fresh).toMatchObject({ state: 'alone', plan: { summary: { create: 3 }, diagnostics: [] } });

    const lost = await plan(runner, { head, base: NOBODY });
    expect(lost.state).toBe('alone');
    expect(lost.plan.diagnostics[0]?.summary).toMatch(/^the base branch cannot be compared with: git cannot/);
  });

  it('compares nothing with mistakes of the pull request, and says all of them', async () => {
    const base = await commit('main', BASE);
    const files = { 'manifests/kept.yaml': 'kind: LLM\n', 'manifests/gone.yaml': anamLlm('Gone!') };
    const head = await commit('topic', files, base);
    const found = await plan(await hub.clone('runner', '--depth=1', '--branch=topic'), { head, base });
    expect(found.state).toBe('invalid');
    expect(found.plan.changes).toEqual([]);
    expect(new Set(found.plan.diagnostics.map(({ file }) => file))).toEqual(
      new Set(['manifests/gone.yaml', 'manifests/kept.yaml']),
    );
    expect(offlineDocument(found.plan, found.state).text).toContain('**Not valid: nothing was compared.**');
  });

  it('reads a project that is not at the top of its repository', async () => {
    const inFolder = (files: Files) =>
      Object.fromEntries(Object.entries(files).map(([name, text]) => [`config/llms/${name}`, text]));
    const base = await commit('main', inFolder(BASE));
    const head = await commit('topic', inFolder({ 'manifests/gone.yaml': undefined }), base);
    const runner = await hub.clone('runner', '--depth=1', '--branch=topic');
    const found = await plan(runner, { head, base }, 'config/llms/llmform.yaml');
    expect(found).toMatchObject({ state: 'compared', plan: { summary: { delete: 1, noop: 2, create: 0 } } });
  });
});

describe('the files of a commit', () => {
  it('match as they would in a checkout', async () => {
    const names = [
      'a.yaml',
      'b/c.yaml',
      'b/.d/e.yaml',
      '.f.yaml',
      'node_modules/g/h.yaml',
      'b/i.yml',
      'ü/j k.yaml',
    ];
    await symlink('a.yaml', join(work, 'link.yaml'));
    const sha = await commit('main', Object.fromEntries(names.map((name) => [name, 'x\n'])));
    const tree = await readTree(openGit(work, hub.env), sha);
    for (const patterns of [
      ['**/*.yaml'],
      ['*.yaml'],
      ['**/*.{yaml,yml}', '!b/c.yaml'],
      ['b/**'],
      ['./b/*.yml'],
      ['!b/**', '**'],
      ['ü/*'],
    ]) {
      const found = filesMatching(tree, parseGlobs(patterns)).map(({ path }) => path);
      const { files: there } = await findFiles(work, parseGlobs(patterns));
      expect({ patterns, found }).toEqual({ patterns, found: there.filter((path) => path !== 'link.yaml') });
    }
  });
});
