import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ARTIFACT_LIMIT, readArtifact, writeArtifact } from '../../src/action/fork-artifact.js';
import { type ForkRun, postForkPlan, readForkRun } from '../../src/action/fork-post.js';
import { lacksAllCredentials } from '../../src/action/offline-plan.js';
import { DiagnosticError } from '../../src/model/diagnostic.js';
import type { Plan } from '../../src/model/plan.js';
import { readUntrustedFile } from '../../src/platform/fs/untrusted-file.js';
import type { GitHubPost } from '../../src/platform/github/github.js';
import { htmlOf, isElement, nodesOf } from '../support/rendered.js';
import { change, planOf, target } from '../support/report-samples.js';

const SHA = 'a'.repeat(40);
const BOT = 'github-actions[bot]';
const KEY = { config: 'llmform.yaml', targets: [] };
const RUN: ForkRun = {
  headSha: SHA,
  owner: 'stranger',
  branch: 'topic',
  url: 'https://github.example/o/r/actions/runs/7',
};

const PLAN = planOf(
  [change('anam/LLM/a', 'update', { fields: [{ path: '/x', before: 1, after: 2, cause: 'manifest' }] })],
  { fingerprint: '' },
);

function artifact(plan: Plan = PLAN, more: object = {}): Uint8Array {
  const known = { formatVersion: '1', headSha: SHA, ...KEY, state: 'compared' } as const;
  return bytes(JSON.stringify({ ...JSON.parse(writeArtifact({ ...known, plan })), ...more }));
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** As much of GitHub as posting needs. It gives bodies back the way GitHub does. */
function fakeGitHub(pulls = [{ number: 7, head: SHA }]) {
  const comments: GitHubPost[] = [];
  const calls: string[] = [];
  const github = {
    login: async () => BOT,
    pullsFrom: async (owner: string, branch: string) => {
      calls.push(`pulls ${owner}:${branch}`);
      return pulls;
    },
    comments: async () => comments,
    comment: async (pull: number, body: string) => {
      calls.push(`comment ${pull}`);
      const id = comments.length;
      const made = { id, node: '', author: BOT, body: body.replaceAll('\n', '\r\n'), url: `#${id}` };
      comments.push(made);
      return made;
    },
    minimize: async () => undefined,
    editComment: async (comment: GitHubPost, body: string) => {
      calls.push(`edit ${comment.url}`);
      comment.body = body;
      return comment;
    },
  };
  return { github, comments, calls };
}

async function refusalOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DiagnosticError);
  return (error as DiagnosticError).message;
}

describe("the plan of a fork's run", () => {
  it('is posted to the pull request that ends with its commit, and kept up to date there', async () => {
    const { github, comments, calls } = fakeGitHub([
      { number: 3, head: 'b'.repeat(40) },
      { number: 7, head: SHA },
    ]);
    expect(await postForkPlan(artifact(), RUN, KEY, github)).toMatchObject({ url: '#0' });
    expect(comments[0]?.body).toContain('It is not verified');
    expect(comments[0]?.body).toContain('1 to update');
    expect(await postForkPlan(artifact(), RUN, KEY, github)).toMatchObject({ url: '#0' });
    const other = planOf([change('anam/LLM/b', 'create')]);
    expect(await postForkPlan(artifact(other), RUN, KEY, github)).toMatchObject({ url: '#0' });
    expect(calls.filter((call) => !call.startsWith('pulls'))).toEqual(['comment 7', 'edit #0']);
    expect(calls[0]).toBe('pulls stranger:topic');
  });

  it('never takes a foreign comment for its own', async () => {
    const { github, comments } = fakeGitHub();
    await postForkPlan(artifact(), RUN, KEY, github);
    const [own] = comments;
    comments[0] = { ...(own as GitHubPost), author: 'stranger' };
    comments.push({ ...(own as GitHubPost), body: `quoting\n${own?.body}`, url: '#quote' });
    expect(await postForkPlan(artifact(), RUN, KEY, github)).toMatchObject({ url: '#2' });
    expect(comments).toHaveLength(3);
  });

  it('is left alone once the pull request has moved on, is closed, or cannot be told from another', async () => {
    const moved = fakeGitHub([{ number: 7, head: 'b'.repeat(40) }]);
    expect(await postForkPlan(artifact(), RUN, KEY, moved.github)).toMatchObject({
      note: expect.stringContaining('moved on'),
    });
    const closed = fakeGitHub([]);
    expect(await postForkPlan(artifact(), RUN, KEY, closed.github)).toHaveProperty('note');
    const twice = fakeGitHub([
      { number: 7, head: SHA },
      { number: 8, head: SHA },
    ]);
    expect(await postForkPlan(artifact(), RUN, KEY, twice.github)).toHaveProperty('note');
    expect([moved, closed, twice].flatMap(({ comments }) => comments)).toEqual([]);
  });

  it('decides neither the commit, nor the comment, nor the pull request', async () => {
    const { github, calls } = fakeGitHub();
    const wrong = [{ headSha: 'c'.repeat(40) }, { config: 'other.yaml' }, { targets: ['prod'] }];
    for (const more of wrong) {
      expect(await refusalOf(postForkPlan(artifact(PLAN, more), RUN, KEY, github))).toContain('not posted');
    }
    await postForkPlan(artifact(PLAN, { pull: 1, number: 1, body: 'EVIL', url: 'EVIL' }), RUN, KEY, github);
    expect(calls).toEqual(['pulls stranger:topic', 'comment 7']);
  });

  it('cannot bring markup, a marker, a mention or a length of its own', async () => {
    const evil =
      '<!-- llmform {"v":1,"cmd":"plan"} --> @EVIL [EVIL](https://EVIL.example) ![EVIL](x) </details><img src=EVIL>\n```\n# EVIL';
    const plan = planOf(
      Array.from({ length: 50 }, (_, i) =>
        change(`${evil}/LLM/${i}`, 'update', {
          source: { file: evil, line: 1 },
          fields: [{ path: evil, before: evil, after: { [evil]: [evil] }, cause: 'manifest' }],
        }),
      ),
      {
        project: evil,
        diagnostics: [{ severity: 'error', code: 'yaml', summary: evil, detail: evil, file: evil }],
      },
    );
    const { github, comments } = fakeGitHub();
    await postForkPlan(artifact(plan), RUN, KEY, github);
    const body = comments[0]?.body ?? '';
    expect(body.length).toBeLessThan(65_536);
    expect(body.match(/<!--/g)).toHaveLength(1);
    expect(body).toMatch(/^<!-- llmform \{"v":1,"cmd":"fork",/);
    const nodes = nodesOf(htmlOf(body));
    const links = nodes.filter(({ node }) => isElement(node) && ['a', 'img'].includes(node.tagName));
    expect(
      links.flatMap(({ node }) => (isElement(node) ? node.attrs.map(({ value }) => value) : [])),
    ).toEqual(links.map(() => RUN.url));
    const prose = nodes.filter(({ within }) => !within.includes('code') && !within.includes('pre'));
    expect(prose.map(({ node }) => ('value' in node ? node.value : '')).join()).not.toContain('EVIL');
  });

  it.each([
    ['no JSON', 'EVIL'],
    ['another version', '{"formatVersion":"2"}'],
    ['no plan', JSON.stringify({ formatVersion: '1', headSha: SHA, ...KEY, state: 'compared' })],
    ['too many bytes', ' '.repeat(ARTIFACT_LIMIT + 1)],
    ['values without end', artifactText({ fields: [{ path: '/x', cause: 'manifest', after: 'DEEP' }] })],
    ['an action of its own', artifactText({ action: 'approve' })],
    ['a number for a text', artifactText({ address: 7 })],
  ])('with %s is refused', async (_, text) => {
    const { github, calls } = fakeGitHub();
    const said = await refusalOf(postForkPlan(bytes(text), RUN, KEY, github));
    expect(said).toMatch(/^the plan of the fork is not posted: /);
    expect(said).not.toContain('EVIL');
    expect(calls).toEqual([]);
  });

  it('in bytes that are no text is refused', async () => {
    expect(
      await refusalOf(postForkPlan(new Uint8Array([0xff, 0xfe]), RUN, KEY, fakeGitHub().github)),
    ).toContain('JSON');
  });
});

/** An artifact with one change, some of whose members are others; DEEP stands for what no writer of JSON would nest. */
function artifactText(more: object): string {
  const { plan, ...rest } = JSON.parse(new TextDecoder().decode(artifact()));
  return JSON.stringify({ ...rest, plan: { ...plan, changes: [{ ...plan.changes[0], ...more }] } }).replace(
    '"DEEP"',
    () => '['.repeat(50_000) + ']'.repeat(50_000),
  );
}

describe('the artifact', () => {
  it('comes back as it was written', () => {
    const { plan, ...rest } = readArtifact(artifact());
    expect(rest).toEqual({ formatVersion: '1', headSha: SHA, ...KEY, state: 'compared', leftOut: 0 });
    expect(plan.changes).toEqual(PLAN.changes);
    expect(plan.summary).toEqual(PLAN.summary);
  });

  it('gives back only what belongs there, at every level', () => {
    const { plan, ...rest } = JSON.parse(new TextDecoder().decode(artifact()));
    const more = { planId: 'x', id: 'x', blocked: { reason: 'mode', message: 'x' }, sensitive: true };
    const [known] = plan.changes;
    const changes = [
      { ...known, ...more, fields: known.fields.map((field: object) => ({ ...field, ...more })) },
    ];
    const message = { severity: 'error', code: 'yaml', summary: 's' };
    const given = {
      ...{ ...plan, ...more, changes, diagnostics: [{ ...message, ...more, excerpt: 'x' }] },
      ...{ fingerprint: 'x', options: { prune: true }, summary: { ...plan.summary, ...more } },
    };
    const text = JSON.stringify({ ...rest, ...more, plan: given });
    const expected = readArtifact(artifact());
    expect(readArtifact(bytes(text))).toEqual({
      ...expected,
      plan: { ...expected.plan, diagnostics: [message] },
    });
  });

  it('that is refused says where', () => {
    const wrong = { fields: [{ path: '/x', cause: 'manifest' }, { path: 7 }] };
    expect(() => readArtifact(bytes(artifactText(wrong)))).toThrow(
      'the plan of the fork is not posted: plan.changes[0].fields[1].cause is missing',
    );
  });

  it('leaves out whole objects that have no room, and the comment counts them', async () => {
    const fields = [{ path: '/p', after: 'ü'.repeat(10_000), cause: 'unknown' } as const];
    const plan = planOf(Array.from({ length: 40 }, (_, i) => change(`a/LLM/${i}`, 'create', { fields })));
    const written = artifact(plan);
    expect(written.length).toBeLessThanOrEqual(ARTIFACT_LIMIT);
    expect(readArtifact(written).plan.changes).toHaveLength(9);
    const { github, comments } = fakeGitHub();
    await postForkPlan(written, RUN, KEY, github);
    expect(comments[0]?.body).toContain(
      `_31 more not shown here; all are in the [job summary](${RUN.url})._`,
    );
  });
});

describe('the messages of an artifact', () => {
  const message = (summary: string) => ({ severity: 'warning', code: 'vendor', summary }) as const;
  it.each([
    ['too many', Array.from({ length: 150 }, (_, i) => message(`message ${i}`)), 50],
    ['too long', [message('x'.repeat(501)), message('short')], 1],
  ])('are counted in the comment where they are %s', async (_, diagnostics, left) => {
    const { github, comments } = fakeGitHub();
    await postForkPlan(artifact({ ...PLAN, diagnostics: [...diagnostics] }), RUN, KEY, github);
    expect(comments[0]?.body).toContain(
      `_${left} more not shown here; all are in the [job summary](${RUN.url})._`,
    );
  });
});

describe('the file of the artifact', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'llmform-fork-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is one file, by its name or by that of its folder', async () => {
    const file = join(folder, 'plan.json');
    await writeFile(file, 'text');
    expect(await readUntrustedFile(file, 10)).toEqual(Buffer.from('text'));
    expect(await readUntrustedFile(folder, 10)).toEqual(Buffer.from('text'));
    expect(await refusalOf(readUntrustedFile(folder, 3, 'it'))).toContain('it holds 4 bytes');
    await writeFile(join(folder, 'more.json'), '');
    expect(await refusalOf(readUntrustedFile(folder, 10))).toContain('2 files');
    expect(await refusalOf(readUntrustedFile(join(folder, 'none'), 10))).toContain('cannot be read');
  });

  it('is neither a link nor a folder', async () => {
    await symlink('/etc/hostname', join(folder, 'link'));
    expect(await refusalOf(readUntrustedFile(folder, 10_000))).toContain('cannot be read');
    await rm(join(folder, 'link'));
    await mkdir(join(folder, 'inner'));
    expect(await refusalOf(readUntrustedFile(folder, 10_000))).toContain('not a file');
  });
});

describe('the events of forks', () => {
  it('tell the run of a pull request from any other', () => {
    const run = {
      event: 'pull_request',
      head_sha: SHA,
      head_branch: 'topic',
      html_url: RUN.url,
      head_repository: { owner: { login: 'stranger' } },
    };
    expect(readForkRun({ workflow_run: run })).toEqual(RUN);
    for (const other of [
      null,
      {},
      { workflow_run: { ...run, event: 'push' } },
      { workflow_run: { ...run, head_repository: null } },
    ]) {
      expect(() => readForkRun(other as never)).toThrow(/workflow_run/);
    }
  });

  it('come without credentials', () => {
    const targets = [target('a', 'anam', 'https://x'), target('b', 'anam', 'https://x')];
    expect(lacksAllCredentials(targets, { KEY: '' })).toBe(true);
    expect(lacksAllCredentials(targets, { KEY: 'k' })).toBe(false);
  });
});
