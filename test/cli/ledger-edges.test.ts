import { existsSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anamLlms, anamProject, emulate, folder, writesTo } from '../support/project.js';

describe('a ledger behind a link that leads nowhere yet', () => {
  it.each(['outside', '.git'])('is not made in a place %s of the project', async (where) => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('a'));
    const outside = where === '.git' ? join(project.path, '..', 'shared') : await folder();
    const place = join(outside, 'ledger.json');
    await mkdir(join(project.path, '.llmform'));
    await symlink(place, join(project.path, '.llmform', 'ledger.json'));
    const { code, err } = await project.run('apply', '--auto-approve');
    expect(code).toBe(1);
    expect(err).toContain('.llmform/ledger.json leads out of the project through a link');
    expect(existsSync(place)).toBe(false);
    expect(writesTo(anam)).toEqual([]);
  });
});

describe('a create that the vendor refused because of another object', () => {
  it('leaves nothing to wait for', async () => {
    const goodmem = await emulate('goodmem');
    const llm = (name: string) => `apiVersion: llmform/v1
kind: LLM
vendor: goodmem
metadata: { name: ${name} }
spec:
  displayName: Same
  providerType: OPENAI
  endpointUrl: https://api.openai.com/v1
  modelIdentifier: same
  supportedModalities: [TEXT]
  credentials: { kind: CREDENTIAL_KIND_API_KEY, apiKey: { inlineSecret: { fromEnv: OPENAI } } }
`;
    const project = await anamProject(goodmem.url, { 'llms/a.yaml': llm('a'), 'llms/b.yaml': llm('b') });
    const file = (await project.read('llmform.yaml')).replace('vendor: anam', 'vendor: goodmem');
    await project.write({ 'llmform.yaml': file });
    project.env.ANAM_KEY = goodmem.credential;
    expect((await project.run('apply', '--auto-approve')).code).toBe(3);
    expect(JSON.parse(await project.read('.llmform/ledger.json')).intents).toEqual({});
    expect((await project.run('plan')).err).not.toContain('not shown yet');
  });
});

describe('an orphan that is gone at the vendor', () => {
  it('is named before the ledger drops it', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('a', 'b'));
    expect((await project.run('apply', '--auto-approve')).code).toBe(0);
    const gone = anam.objects('LLM').find(({ displayName }) => displayName === 'b');
    anam.drop('LLM', String(gone?.id));
    const ledger = JSON.parse(await project.read('.llmform/ledger.json'));
    // Its last write is long enough ago.
    for (const entry of Object.values<{ at?: string }>(ledger.objects)) delete entry.at;
    await project.write({
      '.llmform/ledger.json': JSON.stringify(ledger),
      'llms/b.yaml': '# nothing any more\n',
    });
    const { err } = await project.run('plan');
    expect(err).toContain(`anam/LLM/b has no manifest, and is gone at the vendor: ${String(gone?.id)}`);
  });
});

describe('--rebind', () => {
  it('of a target that the project does not have is an error', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('a'));
    const { code, err } = await project.run('plan', '--rebind', 'anan');
    expect(code).toBe(1);
    expect(err).toContain('the project has no target "anan"');
  });
});
