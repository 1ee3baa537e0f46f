import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Emulator } from '../../src/emulator/index.js';
import { filesIn, leaksIn } from '../support/leaks.js';
import { anamLlm, anamLlms, KEYS, write, writesTo } from '../support/project.js';
import { described, HEAD, markerOf, scene } from '../support/pull-request.js';
import { commandsIn, pullRequest } from '../support/run-action.js';

const NEWER = 'b'.repeat(40);

/** Gives a live object another description behind our back. */
function describeLive(anam: Emulator, description: string, name = 'support'): void {
  const object = anam.objects('LLM').find(({ displayName }) => displayName === name);
  anam.put('LLM', { id: String(object?.id), description });
}

describe('plan on a pull request', () => {
  it('comments, sums up and sets the outputs, and writes to no vendor', async () => {
    const { anam, hub, plan, comment } = await scene(anamLlms('support'));
    const ran = await plan();
    expect(ran).toMatchObject({ code: 0, annotations: [] });
    const { fingerprint = '', 'plan-file': file = '', ...outputs } = ran.outputs;
    expect(fingerprint).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(outputs).toEqual({
      'has-changes': 'true',
      summary: 'Plan: 1 to create.',
      'comment-url': comment().html_url,
      'exit-code': '0',
      create: '1',
      update: '0',
      replace: '0',
      adopt: '0',
      delete: '0',
      orphan: '0',
      forget: '0',
    });
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
      fingerprint,
      planId: expect.any(String),
    });
    expect(markerOf(comment())).toEqual({
      v: 1,
      cmd: 'plan',
      config: 'llmform.yaml',
      targets: [],
      head: HEAD,
      plan: fingerprint,
      truncated: false,
      state: 'planned',
    });
    for (const text of [comment().body, ran.summary]) {
      expect(text).toContain('### llmform plan\n\n**Plan: 1 to create.**');
      expect(text).toContain('<b>➕ create</b> <code>anam/LLM/support</code>');
    }
    expect(ran.log).toContain('+ create LLM/support');
    expect(writesTo(anam)).toEqual([]);
    expect(hub.writes()).toEqual(['POST /repos/octo/shop/issues/7/comments']);
  });

  it('edits its comment in place, and leaves it where nothing but the commit is new', async () => {
    const { hub, project, plan, comment } = await scene(anamLlms('support'));
    await plan();
    hub.pulls[0] = { number: 7, head: NEWER };
    const again = await plan();
    expect(again.outputs['comment-url']).toBe(comment().html_url);
    expect(hub.writes()).toHaveLength(1);

    await project.write(anamLlms('sales'));
    await plan();
    expect(comment().body).toContain('**Plan: 2 to create.**');
    expect(markerOf(comment()).head).toBe(NEWER);
    expect(hub.writes().at(-1)).toBe(`PATCH /repos/octo/shop/issues/comments/${comment().id}`);
  });

  it('finds its own comment among 250, and folds away older ones of its own', async () => {
    const { hub, plan, project, comment } = await scene(anamLlms('support'));
    await plan();
    const { body } = comment();
    hub.comments.length = 0;
    for (let i = 0; i < 120; i += 1) hub.addComment(7, 'Looks good', 'alice');
    // Where folding is refused the older one stays as it is.
    const stuck = hub.addComment(7, body);
    const older = hub.addComment(7, body);
    const newest = hub.addComment(7, body);
    hub.failures.push({
      when: (call) => JSON.stringify(call.body ?? '').includes(stuck.node_id),
      status: 403,
    });
    const others = ['mallory', 'other[bot]', 'github-actions'].map((login) => hub.addComment(7, body, login));
    // The marker of another set of targets, and one that is not on the first line.
    const elsewhere = [body.replace('"targets":[]', '"targets":["anam"]'), `Look:\n${body}`].map((text) =>
      hub.addComment(7, text),
    );
    const before = [...others, ...elsewhere].map(({ body: text }) => text);
    for (let i = 0; i < 120; i += 1) hub.addComment(7, 'Thanks', 'bob');

    await project.write(anamLlms('sales'));
    const ran = await plan();
    expect(ran).toMatchObject({ code: 0, annotations: [], outputs: { 'comment-url': newest.html_url } });
    expect(newest.body).toContain('2 to create');
    expect([stuck, older, newest].map(({ minimized }) => minimized)).toEqual([false, true, false]);
    expect([older.body, ...[...others, ...elsewhere].map(({ body: text }) => text)]).toEqual([
      body,
      ...before,
    ]);
    expect(others.some(({ minimized }) => minimized)).toBe(false);
    expect(hub.comments).toHaveLength(248);
  });

  it('knows a person by their token, and an app by what GraphQL says', async () => {
    const { hub, plan, project } = await scene(anamLlms('support'));
    for (const viewer of [
      { login: 'alice', person: true },
      { login: 'llmform-shop[bot]', person: false },
    ]) {
      hub.viewer = viewer;
      hub.comments.length = 0;
      const other = hub.addComment(7, 'mine', viewer.login);
      await plan();
      const [, own] = hub.comments;
      await project.write(anamLlms(`of-${viewer.login.slice(0, 5)}`));
      expect((await plan()).outputs['comment-url']).toBe(own?.html_url);
      expect(hub.comments).toEqual([other, own]);
    }
  });

  it('takes itself for the workflow without a login', async () => {
    const { hub, plan, comment } = await scene(anamLlms('support'));
    hub.viewer = undefined;
    await plan();
    expect((await plan()).outputs['comment-url']).toBe(comment().html_url);
  });

  it('says in the comment when nothing is left to change', async () => {
    const { hub, project, plan, comment } = await scene(anamLlms('support'));
    await plan({ comment: 'never' });
    expect(hub.calls).toEqual([]);
    await plan();
    await project.run('apply', '--auto-approve');
    const ran = await plan({ comment: 'on-change' });
    expect(ran.outputs).toMatchObject({ 'has-changes': 'false', 'comment-url': comment().html_url });
    expect(comment().body).toContain('**No changes: 1 object up to date.**');

    hub.comments.length = 0;
    await plan({ comment: 'on-change' });
    expect(hub.comments).toHaveLength(0);
  });

  it('has a comment for each project file and set of targets', async () => {
    const { hub, project, plan } = await scene(anamLlms('support'));
    await write(`${project.path}/config`, {
      'llmform.yaml': await project.read('llmform.yaml'),
      'llms/support.yaml': anamLlm('support'),
    });
    await plan({ config: './config//llmform.yaml', targets: 'anam' });
    await project.write({ 'config/llms/sales.yaml': anamLlm('sales') });
    await Promise.all([plan(), plan({ config: 'config/llmform.yaml', targets: '\n anam, anam\n' })]);
    expect(hub.comments.map((comment) => [markerOf(comment).config, markerOf(comment).targets])).toEqual([
      ['config/llmform.yaml', ['anam']],
      ['llmform.yaml', []],
    ]);
    expect(hub.comments[0]?.body).toContain(
      '### llmform plan · <code>config/llmform.yaml</code> · <code>anam</code>',
    );
  });

  it('does without vendors where no credential is given, and takes back the plan that stood there', async () => {
    const { anam, hub, plan, comment } = await scene(anamLlms('support'));
    const ran = await plan({}, { ANAM_KEY: '' });
    expect(ran.code).toBe(0);
    expect(ran.annotations.join()).toContain('no target has its credential');
    expect(hub.writes()).toEqual([]);
    expect(anam.requests).toEqual([]);
    await plan();
    expect(markerOf(comment())).toMatchObject({ plan: expect.stringMatching(/^sha256:/), state: 'planned' });
    await plan({}, { ANAM_KEY: '' });
    expect(markerOf(comment())).toMatchObject({ plan: '', state: 'failed' });
    expect(comment().body).not.toContain('1 to create');
  });

  it('does not cover what is newer, or what was merged', async () => {
    const { hub, project, plan, run, comment } = await scene(anamLlms('support'));
    hub.pulls[0] = { number: 7, head: NEWER };
    await plan();
    const { body } = comment();
    await project.write(anamLlms('sales'));
    const old = pullRequest(7, HEAD);
    const ran = await run({ command: 'plan', adopt: 'true' }, old);
    expect(ran.code).toBe(0);
    expect(ran.summary).toContain(
      'This plan is for aaaaaaa, and pull request 7 is at bbbbbbb by now: its comment was left alone.',
    );
    expect(ran.summary).toContain('2 to create');
    expect(comment().body).toBe(body);

    hub.pulls[0] = { number: 7, head: HEAD, mergedAs: NEWER };
    expect((await run({ command: 'plan', adopt: 'true' }, old)).summary).toContain('is merged');
    expect(comment().body).toBe(body);
  });

  it('shows mistakes at their lines, and that there is no plan any more', async () => {
    const { hub, project, plan, comment } = await scene(anamLlms('support'));
    await plan();
    await project.write(
      Object.fromEntries(
        Array.from({ length: 12 }, (_, i) => [
          `llms/bad-${i}.yaml`,
          anamLlm(`bad-${i}`, 'gpt-4o', '  modelname: x\n'),
        ]),
      ),
    );
    const ran = await plan();
    expect(ran.code).toBe(1);
    expect(ran.annotations).toHaveLength(10);
    expect(ran.annotations[0]).toMatch(
      /^::error title=llmform unknown,file=llms\/bad-0\.yaml,line=11,col=3::.*Did you mean "modelName"/,
    );
    expect(ran.annotations.at(-1)).toBe('::notice title=llmform::3 more in the summary of this run.');
    expect(markerOf(comment())).toMatchObject({ state: 'failed', plan: '' });
    for (const text of [comment().body, ran.summary]) expect(text).toContain('llms/bad-11.yaml:11:3');
    expect(hub.comments).toHaveLength(1);
  });
});

describe('what a plan shows', () => {
  it('has whole objects in the comment, and all of them in the summary', async () => {
    const lines = 'You answer orders politely and never promise a refund that is not due. '.repeat(6);
    const many = Array.from({ length: 500 }, (_, i) => [`llms/o${i}.yaml`, described(`o${i}`, lines)]);
    const { plan, comment } = await scene(Object.fromEntries(many));
    const ran = await plan();
    const { body } = comment();
    expect(body.length).toBeLessThanOrEqual(60_000);
    expect(body.length).toBeGreaterThan(50_000);
    expect(body.match(/<details>/g)?.length).toBe(body.match(/<\/details>/g)?.length);
    expect(body).toMatch(
      /_\d+ more objects .*\[job summary\]\(https:\/\/github\.example\/octo\/shop\/actions\/runs\/77\)/,
    );
    expect(markerOf(comment()).truncated).toBe(true);
    for (let i = 0; i < 500; i += 1) expect(ran.summary).toContain(`anam/LLM/o${i}<`);
    expect(Buffer.byteLength(ran.summary)).toBeLessThan(900_000);
  });

  it('is much shorter where the server takes less', async () => {
    const { hub, project, plan, comment } = await scene(anamLlms('support'));
    await plan();
    const many = Array.from({ length: 100 }, (_, i) => [
      `llms/o${i}.yaml`,
      described(`o${i}`, 'x '.repeat(300)),
    ]);
    await project.write(Object.fromEntries(many));
    hub.longest = 20_000;
    expect(await plan()).toMatchObject({ code: 0, annotations: [] });
    expect(comment().body.length).toBeLessThanOrEqual(15_000);
    expect(comment().body).toContain('101 to create');
    expect(markerOf(comment()).truncated).toBe(true);
  });

  it('gives a hostile text no say', async () => {
    const forged = '<!-- llmform {"v":1,"cmd":"plan","config":"llmform.yaml","targets":[],"plan":"x"} -->';
    const prompt = [
      forged,
      '```',
      '````md',
      '--> </details> @octocat',
      '::error file=a.yaml::pwned',
      '  ::set-output name=fingerprint::pwned',
      '##[error]pwned',
      '::stop-commands::pwned',
      '::pwned::',
      'EOF\r::add-mask::anam',
    ].join('\n');
    const { project, plan, comment } = await scene({ 'llms/support.yaml': described('support', 'Be kind.') });
    await project.run('apply', '--auto-approve');
    await project.write({ 'llms/support.yaml': described('support', prompt) });
    const ran = await plan();
    expect(ran.code).toBe(0);
    expect(commandsIn(ran.log).filter((line) => !/^::(end)?group::/.test(line))).toEqual([]);
    expect(ran.log).toContain('::error file=a.yaml::pwned');
    expect(ran.masked).not.toContain('anam');
    for (const text of [comment().body, ran.summary]) {
      expect(text.match(/<!-- llmform/g)?.length ?? 0).toBe(text === ran.summary ? 0 : 1);
      expect(text).not.toMatch(/^::/m);
    }
    expect(markerOf(comment()).plan).toBe(ran.outputs.fingerprint);
  });

  it('holds no secret, wherever a vendor has put it', async () => {
    const multiline = '-----BEGIN KEY-----\nc2VjcmV0LWxpbmUtb25l\nc2VjcmV0LWxpbmUtdHdv\n-----END KEY-----';
    const { anam, hub, project, plan, comment } = await scene({
      'llms/support.yaml': described('support', 'Be kind.'),
      'llms/sales.yaml': anamLlm('sales').replace('OPENAI', 'PEM'),
    });
    await project.runWith({ PEM: multiline }, 'apply', '--auto-approve');
    describeLive(anam, `The key is ${KEYS.OPENAI}, and c2VjcmV0LWxpbmUtdHdv`);
    const ran = await plan({}, { PEM: multiline });
    expect(ran.code).toBe(0);
    const base64 = Buffer.from(KEYS.OPENAI).toString('base64').replace(/=+$/, '');
    expect(ran.masked).toEqual(
      expect.arrayContaining([
        KEYS.OPENAI,
        KEYS.ANAM_KEY,
        base64,
        multiline,
        'c2VjcmV0LWxpbmUtb25l',
        'ghs_token',
      ]),
    );
    const said = new Map([
      ['log', ran.log],
      ['summary', ran.summary],
      ['outputs', JSON.stringify(ran.outputs)],
      ['comment', comment().body],
      ['calls', JSON.stringify(hub.calls)],
      ['plan', await readFile(ran.outputs['plan-file'] ?? '', 'utf8')],
    ]);
    const secrets = [KEYS.OPENAI, KEYS.ANAM_KEY, multiline, 'c2VjcmV0LWxpbmUtdHdv', 'ghs_token'];
    expect(leaksIn(said, secrets)).toEqual([]);
    expect(comment().body).toContain('The key is (sensitive)');
    expect(comment().body).toContain('a part of anam/LLM/support is not shown');
    expect(leaksIn(filesIn(project.path), secrets)).toEqual([]);
  });

  it('holds no part of a secret either, where texts are compared word by word and cut', async () => {
    const said = (key: string) =>
      `The key is ${key}, and it is to be kept to yourself. ${'Be kind. '.repeat(20)}`;
    // One of these is cut in the middle of the secret, wherever that is.
    const cut = [790, 3600, 3910];
    const { anam, project, plan, comment } = await scene({
      'llms/support.yaml': described('support', said('another one')),
      ...Object.fromEntries(cut.map((n) => [`llms/n${n}.yaml`, described(`n${n}`, 'x'.repeat(n))])),
    });
    await project.run('apply', '--auto-approve');
    describeLive(anam, said(KEYS.OPENAI));
    for (const n of cut) describeLive(anam, `${'x'.repeat(n)}${KEYS.OPENAI}`, `n${n}`);
    const ran = await plan();
    for (const text of [comment().body, ran.summary, ran.log]) {
      expect(text).not.toMatch(/sk-op|xsk-/);
      expect(text).toContain('(sensitive)');
    }
  });

  it('shows all of a manifest and of our own words, whatever was chosen as a secret', async () => {
    const url = 'https://attacker.example/v1/chat/completions';
    const { anam, project, plan, comment } = await scene(anamLlms('support', 'victim'));
    await project.run('apply', '--auto-approve');
    await project.write({
      'llms/victim.yaml': '# gone\n',
      'llms/support.yaml': anamLlm('support').replace('https://api.openai.com/v1/chat/completions', url),
      'llms/b.yaml': anamLlm('b').replace('{ fromEnv: OPENAI }', '{ fromFile: word.txt }'),
      'llms/c.yaml': anamLlm('c').replace('{ fromEnv: OPENAI }', '{ fromFile: url.txt }'),
      'llms/d.yaml': anamLlm('d').replace('{ fromEnv: OPENAI }', '{ fromFile: line.txt }'),
      'word.txt': 'delete',
      'url.txt': url,
      'line.txt': 'Apply removes 1 live object for good',
    });
    const ran = await plan({ prune: 'true' });
    // Of the reasons to black something out, one is a mistake, and keeps the plan from being applied.
    expect(ran.code).toBe(1);
    expect(ran.annotations.join('\n')).toMatch(
      /::error [^\n]*file=llms\/support\.yaml,line=9[^\n]*the file url\.txt/,
    );
    for (const text of [comment().body, ran.summary, ran.log]) {
      expect(text).toContain('attacker.example');
      expect(text).toMatch(/1 to delete/);
      expect(text).toMatch(/delete\b[^]*LLM\/victim/);
    }
    // The runner would take them out of the log.
    expect(ran.masked).not.toEqual(expect.arrayContaining([expect.stringMatching(/delete|attacker|Apply/)]));
    expect(anam.objects('LLM')).toHaveLength(2);
  });

  it('does not have the runner hide what the author of a pull request can choose', async () => {
    const { plan } = await scene({
      'llms/a.yaml': anamLlm('a').replace('OPENAI', 'GITHUB_HEAD_REF'),
      'llms/b.yaml': anamLlm('b').replace('OPENAI', 'SHORT'),
    });
    const ran = await plan({}, { GITHUB_HEAD_REF: 'anam-prod/LLM/victim-of-it', SHORT: 'gpt-4o-mini' });
    expect(ran.code).toBe(0);
    expect(ran.masked.join('\n')).not.toMatch(/victim|gpt-4o/);
  });

  it('takes a secret of 60,000 characters for a mistake, and shows no other one for it', async () => {
    const { plan, comment } = await scene({
      'llms/a.yaml': anamLlm('a'),
      'llms/b.yaml': anamLlm('b').replace('{ fromEnv: OPENAI }', '{ fromFile: notes.txt }'),
      'notes.txt': randomBytes(30_000).toString('hex'),
    });
    const ran = await plan();
    expect(ran.code).toBe(0);
    expect(comment().body).toMatch(/gives a secret of 60000 bytes/);
    const said = new Map([
      ['log', ran.log],
      ['summary', ran.summary],
      ['comment', comment().body],
    ]);
    expect(leaksIn(said, Object.values(KEYS))).toEqual([]);
  });

  it('keeps the variables of the runner from the project', async () => {
    const { plan } = await scene({
      'llms/a.yaml': anamLlm('a').replace('OPENAI', 'ACTIONS_RUNTIME_TOKEN'),
      'llms/b.yaml': anamLlm('b').replace('OPENAI', 'INPUT_COMMAND'),
    });
    const ran = await plan({}, { ACTIONS_RUNTIME_TOKEN: 'runtime' });
    expect(ran.annotations.join('\n')).toMatch(
      /ACTIONS_RUNTIME_TOKEN is not set[^]*INPUT_COMMAND is not set/,
    );
    expect(ran.annotations.every((line) => line.startsWith('::warning '))).toBe(true);
  });

  it('sends a credential to no host, and reads no variable, that the workflow does not name', async () => {
    const { anam, project, plan } = await scene(anamLlms('support'));
    const file = await project.read('llmform.yaml');
    await project.write({ 'llmform.yaml': file.replace(anam.url, 'https://evil.invalid') });
    const ran = await plan();
    expect(ran.code).toBe(1);
    expect(ran.annotations[0]).toMatch(/https:\/\/evil\.invalid.*the input allowed-hosts: evil\.invalid/);

    await project.write({ 'llmform.yaml': file });
    const narrow = await plan({}, { LLMFORM_ALLOWED_ENV: 'ANAM_*' });
    expect(narrow.annotations[0]).toContain('the variable OPENAI is not allowed');
    expect(anam.requests).toEqual([]);
    expect(
      (await plan({ 'allowed-hosts': 'x.example' }, { LLMFORM_ALLOWED_ENV: 'ANAM_*,OPENAI' })).code,
    ).toBe(0);
  });
});

describe('when GitHub refuses', () => {
  it('names the permission, and the plan is none the worse', async () => {
    const { hub, plan } = await scene(anamLlms('support'));
    const message = 'Resource not accessible by integration';
    hub.failures.push({
      when: ({ method, path }) => method === 'POST' && path.endsWith('/comments'),
      status: 403,
      body: { message },
    });
    const ran = await plan();
    expect(ran.code).toBe(0);
    expect(ran.annotations).toEqual([expect.stringMatching(/^::warning .*pull-requests: write/)]);
    expect(ran.summary).toMatch(/answered 403[^]*pull&#45;requests: write|pull-requests: write/);
    expect(ran.summary).toContain('1 to create');

    const [without, wrong] = await Promise.all(
      ['', 'ghs_wrong'].map((token) => plan({ 'github-token': token })),
    );
    expect(without).toMatchObject({
      code: 0,
      annotations: [expect.stringContaining('github-token is empty')],
    });
    expect(wrong).toMatchObject({
      code: 0,
      annotations: [expect.stringContaining('Check the input github-token')],
    });
  });

  it.each([
    ['429', 429, { message: 'Too many requests' }, { 'retry-after': '1' }],
    [
      'a secondary limit',
      403,
      { message: 'You have exceeded a secondary rate limit' },
      { 'retry-after': '1' },
    ],
  ])('waits and asks again after %s', async (_name, status, body, headers) => {
    const { hub, plan, comment } = await scene(anamLlms('support'));
    hub.failures.push({ when: ({ path }) => path.endsWith('/comments'), status, body, headers });
    expect(await plan()).toMatchObject({ code: 0, annotations: [] });
    expect(comment().body).toContain('1 to create');
  });

  it('talks to GitHub Enterprise Server where that is', async () => {
    const { hub, plan, comment } = await scene(anamLlms('support'), { prefix: '/api/v3' });
    hub.viewer = { login: 'llmform-shop[bot]', person: false };
    await plan();
    expect(comment().user.login).toBe('llmform-shop[bot]');
    expect(hub.calls.map(({ path }) => path)).toContain('/api/graphql');
    expect(hub.writes()).toEqual(['POST /api/v3/repos/octo/shop/issues/7/comments']);
  });
});
