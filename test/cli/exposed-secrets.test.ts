import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesIn, leaksIn } from '../support/leaks.js';
import { anamLlm, anamProject, emulate, openProject, type Project, projectFile } from '../support/project.js';
import { parsed } from '../support/run-cli.js';

const SECRET = 'hunter2pass';
const ENDPOINT = 'https://api.openai.com/v1/chat/completions';

/** What a project's commands have said, and everything that they wrote, but for the manifests. */
function texts(project: Project, ...said: { out: string; err: string }[]): Map<string, string> {
  const files = [...filesIn(project.path)].filter(([name]) => !/^(?:llms\/|llmform\.yaml)/.test(name));
  return new Map([...files, ...said.map(({ out, err }, i): [string, string] => [`run ${i}`, out + err])]);
}

function goodmemLlm(provider: string, more: string): string {
  return `apiVersion: llmform/v1
kind: LLM
vendor: goodmem
metadata: { name: a }
spec:
  displayName: a
  providerType: ${provider}
  endpointUrl: https://llm.example.com/v1
  modelIdentifier: m
  ${more}
`;
}

describe('a URL that carries a key', () => {
  it.each([
    `https://svc:${SECRET}@proxy.example/v1`,
    `https://${SECRET}@proxy.example/v1`,
    `https://proxy.example/v1?api-version=1&API_KEY=${SECRET}`,
    `https://proxy.example/v1?sig=${SECRET}`,
    `proxy.example/v1?api-key=${SECRET}`,
    `svc:${SECRET}@proxy.example/v1`,
  ])('is an error in a manifest, and is not printed: %s', async (url) => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, {
      'llms/a.yaml': anamLlm('a').replace(ENDPOINT, url).replace('llmFormat: openai', 'llmFormat: 5'),
      'llms/b.yaml': anamLlm('b').replace(ENDPOINT, url),
    });
    for (const format of ['text', 'json', 'github', 'markdown']) {
      const { code, out, err } = await project.run('validate', '--format', format);
      expect(code).toBe(1);
      // Markdown wraps its lines.
      expect((out + err).replace(/\s+/g, ' ')).toContain(
        'spec.urls[0].url holds a user name, a password or a key',
      );
      expect(out + err).not.toContain(SECRET);
    }
    const { diagnostics } = parsed((await project.run('validate', '--format', 'json')).out);
    expect(diagnostics).toContainEqual(
      expect.objectContaining({ severity: 'error', code: 'secret-literal', file: 'llms/b.yaml', line: 9 }),
    );
    const applied = await project.run('apply', '--auto-approve');
    expect(applied.code).toBe(1);
    expect(leaksIn(texts(project, applied), [SECRET])).toEqual([]);
  });

  it('is an error in a part of a URL, too', async () => {
    const goodmem = await emulate('goodmem');
    const project = await openProject({
      'llmform.yaml': projectFile(goodmem.url).replace('vendor: anam', 'vendor: goodmem'),
      'llms/a.yaml': goodmemLlm('OPENAI', `apiPath: "chat/completions?key=${SECRET}"`),
    });
    const { code, out, err } = await project.run('validate');
    expect(code).toBe(1);
    expect(out + err).toContain('spec.apiPath holds a user name, a password or a key');
    expect(out + err).not.toContain(SECRET);
  });

  it('is only an address with an API version, or with a key that is left empty', async () => {
    const anam = await emulate('anam');
    const url = `${ENDPOINT}?api-version=2024-06-01&token=`;
    const project = await anamProject(anam.url, { 'llms/a.yaml': anamLlm('a').replace(ENDPOINT, url) });
    expect(await project.run('validate')).toMatchObject({
      code: 0,
      out: expect.not.stringContaining('warning'),
    });
  });

  it.each([
    ['targets.a.baseUrl', `baseUrl: "https://u:${SECRET}@h"`, ''],
    ['targets.a.baseUrl', `baseUrl: "https://h?key=${SECRET}"`, ''],
    ['targets.a.baseUrl', `baseUrl: "https://h/proxy;api_key=${SECRET}"`, ''],
    ['targets.a.baseUrl', `baseUrl: "https://h/https%3A%2F%2Fu%3A${SECRET}%40h"`, ''],
    ['watch.url', '', `url: "https://h/?token=${SECRET}"`],
    ['watch.git.url', '', `git: { url: "https://h/x.git?private_token=${SECRET}" }`],
    ['watch.git.url', '', `git: { url: "http::https://u:${SECRET}@h/x.git" }`],
    ['watch.notify', '', `notify: [{ type: webhook, url: "https://h/hook?sig=${SECRET}" }]`],
    ['watch.notify', '', `notify: [{ type: slack, url: "https://u:${SECRET}@h/hook" }]`],
  ])('is an error in the project file, at %s: %s%s', async (_, target, watch) => {
    const project = await openProject({
      'llmform.yaml': `apiVersion: llmform/v1\nkind: Project\nname: shop\ntargets:\n  a:\n    vendor: anam\n    auth: { fromEnv: A }\n    ${target}\n${watch && `watch:\n  ${watch}\n`}`,
    });
    for (const format of ['text', 'json']) {
      const { code, out, err } = await project.run('validate', '--format', format);
      expect(code).toBe(1);
      expect(out + err).toMatch(/holds a|no query|query or fragment|not an address/);
      expect(out + err).not.toContain(SECRET);
    }
  });

  it('is not shown where a vendor holds it, though the plan says what changes and its fingerprint covers it', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, { 'llms/a.yaml': anamLlm('a') });
    await project.run('apply', '--auto-approve');
    const id = String(anam.objects('LLM')[0]?.id);
    const live = (key: string) =>
      anam.put('LLM', { id, urls: [{ url: `https://svc:${key}@proxy.example/v1?sig=${key}` }] });
    live(SECRET);
    const runs = [];
    for (const format of ['text', 'json', 'markdown'])
      runs.push(await project.run('plan', '--format', format, '-o', `plan.${format}`));
    expect(leaksIn(texts(project, ...runs), [SECRET])).toEqual([]);
    expect(runs[0]?.out).toContain('https://(sensitive)@proxy.example/v1?sig=(sensitive)');
    live('another-one');
    const again = parsed((await project.run('plan', '--format', 'json')).out);
    expect(again.fingerprint).not.toBe(parsed(runs[1]?.out ?? '').fingerprint);
    const applied = await project.run('apply', '--auto-approve', '--format', 'json');
    expect(applied.code).toBe(0);
    expect(leaksIn(texts(project, applied), ['another-one'])).toEqual([]);
  });
});

describe('a member whose name says that it is a secret', () => {
  const metadata = `  metadata: { team: support, api_key: ${SECRET}, hook: "https://h/?token=${SECRET}" }\n`;

  it('is a warning that does not print it, stands in the plan that is reviewed, and not in the ledger', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, { 'llms/a.yaml': anamLlm('a', 'gpt-4o', metadata) });
    const checked = await project.run('validate');
    expect(checked.code).toBe(0);
    expect(checked.out).toContain('warning[secret-literal]');
    expect(checked.out).toContain('spec.metadata.api_key looks like a secret');
    expect(checked.out).toContain('spec.metadata.hook holds a user name, a password or a key');
    const planned = await project.run('plan', '--format', 'json', '-o', 'plan.json');
    const applied = await project.run('apply', '--auto-approve');
    expect(applied.code).toBe(0);
    expect(anam.objects('LLM')[0]?.metadata).toMatchObject({ api_key: SECRET });
    const unchanged = await project.run('plan', '--detailed-exitcode');
    expect(unchanged.code).toBe(0);
    expect(parsed(planned.out).changes).toMatchObject([
      { requests: [{ body: { metadata: { api_key: SECRET, hook: `https://h/?token=${SECRET}` } } }] },
    ]);
    await rm(join(project.path, 'plan.json'));
    expect(applied.out).toContain(SECRET);
    expect(leaksIn(texts(project, checked, unchanged), [SECRET])).toEqual([]);
    const { applied: kept } = JSON.parse(await project.read('.llmform/ledger.json')).objects['anam/LLM/a'];
    expect(kept).toMatchObject({
      '/metadata/team': '="support"',
      '/metadata/api_key': expect.stringMatching(/^s:/),
      '/metadata/hook': expect.stringMatching(/^s:/),
    });
  });

  it('is told apart by its digest: the plan says which side moved', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, { 'llms/a.yaml': anamLlm('a', 'gpt-4o', metadata) });
    await project.run('apply', '--auto-approve');
    const id = String(anam.objects('LLM')[0]?.id);
    const own = anam.objects('LLM')[0]?.metadata as object;
    anam.put('LLM', {
      id,
      metadata: { ...own, api_key: 'theirs-123', their_token: 'foreign-123', size: 'L' },
    });
    const { out } = await project.run('plan', '--format', 'json');
    const [change] = JSON.parse(out).changes;
    expect(change.fields).toEqual([
      { path: '/metadata/api_key', before: '(sensitive)', after: SECRET, cause: 'drift' },
    ]);
    expect(change.requests[0].body.metadata).toMatchObject({
      api_key: SECRET,
      their_token: '(sensitive)',
      size: 'L',
    });
    expect(leaksIn(new Map([['plan', out]]), ['theirs-123', 'foreign-123'])).toEqual([]);
    await project.run('apply', '--auto-approve');
    expect(anam.objects('LLM')[0]?.metadata).toMatchObject({ api_key: SECRET, their_token: 'foreign-123' });
  });
});

describe('secrets around which other names stand', () => {
  const config = {
    apiKey: { value: SECRET },
    headers: [{ Name: 'Authorization', Value: `Bearer ${SECRET}` }, ['x-api-key', SECRET]],
    api_keys: [SECRET],
    password: 4711471147,
  };

  it('are warned of, and stand neither in a plan of what a vendor has nor in the ledger', async () => {
    const goodmem = await emulate('goodmem');
    const project = await openProject(
      {
        'llmform.yaml': projectFile(goodmem.url).replace('vendor: anam', 'vendor: goodmem'),
        'llms/a.yaml': goodmemLlm('OPENAI', `clientConfig: ${JSON.stringify(config)}`),
      },
      { ANAM_KEY: goodmem.credential },
    );
    const checked = await project.run('validate', '--format', 'json');
    expect(JSON.parse(checked.out).diagnostics.map(({ path }: { path: string }) => path)).toEqual([
      '/spec/clientConfig/apiKey/value',
      '/spec/clientConfig/headers/0/Value',
      '/spec/clientConfig/headers/1/1',
      '/spec/clientConfig/api_keys/0',
      '/spec/clientConfig/password',
    ]);
    expect((await project.run('apply', '--auto-approve')).code).toBe(0);
    await project.write({ 'llms/a.yaml': goodmemLlm('OPENAI', 'clientConfig: { region: eu }') });
    const planned = await project.run('plan', '--format', 'json');
    expect(leaksIn(texts(project, checked, planned), [SECRET, '4711471147'])).toEqual([]);
    const [change] = JSON.parse(planned.out).changes;
    expect(change.fields[0].before).toEqual({
      apiKey: { value: '(sensitive)' },
      headers: [{ Name: 'Authorization', Value: '(sensitive)' }, ['x-api-key', '(sensitive)']],
      api_keys: ['(sensitive)'],
      password: '(sensitive)',
    });
  });
});

describe('what others had set on an object whose replacement was interrupted', () => {
  const llm = (provider: string) =>
    goodmemLlm(provider, `clientConfig: { region: eu, headers: { Authorization: "Bearer ${SECRET}" } }`);
  const THEIRS = 'their-label-value';

  async function interrupted() {
    const goodmem = await emulate('goodmem');
    const file = projectFile(goodmem.url).replace('vendor: anam', 'vendor: goodmem');
    const project = await openProject(
      { 'llmform.yaml': file, 'llms/a.yaml': llm('OPENAI') },
      { ANAM_KEY: goodmem.credential },
    );
    expect((await project.run('apply', '--auto-approve')).code).toBe(0);
    const [live] = goodmem.objects('LLM');
    goodmem.put('LLM', {
      llmId: String(live?.llmId),
      labels: { ...(live?.labels as object), theirs: THEIRS },
    });
    await project.write({ 'llms/a.yaml': llm('VLLM') });
    goodmem.faults.push({ match: { method: 'POST' }, effect: { type: 'status', status: 400, body: {} } });
    const failed = await project.run('apply', '--auto-approve', '--max-delete', '1');
    expect(failed.code).toBe(3);
    expect(goodmem.objects('LLM')).toEqual([]);
    goodmem.faults.length = 0;
    return { goodmem, project };
  }

  it('is sealed in the ledger, and handed on by the next apply', async () => {
    const { goodmem, project } = await interrupted();
    const ledger = await project.read('.llmform/ledger.json');
    expect(leaksIn(new Map([['ledger', ledger]]), [THEIRS, SECRET])).toEqual([]);
    expect(JSON.parse(ledger).intents['anam/LLM/a'].inherited).toMatch(/^a:/);
    expect((await project.run('apply', '--auto-approve')).code).toBe(0);
    expect(goodmem.objects('LLM')[0]?.labels).toMatchObject({ theirs: THEIRS });
  });

  it('is said to be lost where the credential is another one since', async () => {
    const { project } = await interrupted();
    const file = await project.read('.llmform/ledger.json');
    await project.write({
      '.llmform/ledger.json': file.replace(/"inherited": "a:.{8}/, '"inherited": "a:AAAAAAAA'),
    });
    const { code, err } = await project.run('plan');
    expect(code).toBe(0);
    expect(err).toContain('keys that others had set in anam/LLM/a are lost');
  });
});
