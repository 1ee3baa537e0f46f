import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Emulator } from '../../src/emulator/index.js';
import {
  anamLlm,
  anamLlms,
  anamProject,
  emulate,
  namesAt,
  openProject,
  type Project,
  projectFile,
  writesTo,
} from '../support/project.js';
import { statements } from '../support/statements.js';

async function applied(...names: string[]): Promise<{ project: Project; anam: Emulator }> {
  const anam = await emulate('anam');
  const project = await anamProject(anam.url, anamLlms(...names));
  expect((await project.run('apply', '--auto-approve')).code).toBe(0);
  anam.requests.length = 0;
  return { project, anam };
}

const remove = (project: Project, ...files: string[]) =>
  Promise.all(files.map((file) => rm(join(project.path, file))));

const marksAt = (anam: Emulator) =>
  anam
    .objects('LLM')
    .map(({ metadata }) => String((metadata as { llmform?: string } | undefined)?.llmform))
    .sort();

async function planOf(project: Project, ...args: string[]) {
  const { out, err, code } = await project.run('plan', '--format', 'json', ...args);
  return { ...JSON.parse(out), err, code };
}

async function expectEmpty(project: Project): Promise<void> {
  const again = await project.run('plan', '--detailed-exitcode');
  expect({ code: again.code, out: again.out }).toMatchObject({ code: 0 });
}

describe('moved', () => {
  it('gives an object a new address, rewrites its mark in one update, and does nothing again', async () => {
    const { project, anam } = await applied('a', 'b');
    const before = anam.objects('LLM').map(({ id }) => id);
    await remove(project, 'llms/a.yaml');
    await project.write({
      'llms/c.yaml': anamLlm('c').replace('displayName: c', 'displayName: a'),
      'llms/ledger.yaml': statements('moved:\n  - { from: anam/LLM/a, to: anam/LLM/c }'),
    });
    const plan = await planOf(project, '--detailed-exitcode');
    expect(plan.code).toBe(2);
    expect(plan.summary).toMatchObject({ create: 0, update: 1, orphan: 0, noop: 1 });
    expect(plan.changes[0]).toMatchObject({ action: 'update', movedFrom: 'anam/LLM/a', fields: [] });
    expect(plan.requests.write).toBe(1);
    expect((await project.run('plan')).out).toContain(
      'moved from anam/LLM/a; only the ownership mark is sent',
    );

    expect((await project.run('apply', '--auto-approve')).code).toBe(0);
    expect(marksAt(anam)).toEqual(['shop/anam/LLM/b', 'shop/anam/LLM/c']);
    expect(anam.objects('LLM').map(({ id }) => id)).toEqual(before);
    await expectEmpty(project);
    // A new object may have the old address while the statement is still there.
    await project.write({ 'llms/a.yaml': anamLlm('a') });
    expect((await planOf(project)).summary).toMatchObject({ create: 1, update: 0, noop: 2 });
    expect((await project.run('apply', '--auto-approve')).code).toBe(0);
    await expectEmpty(project);
    expect(namesAt(anam)).toEqual(['a', 'a', 'b']);
  });

  it('follows the mark where the ledger is lost', async () => {
    const { project, anam } = await applied('a');
    await remove(project, 'llms/a.yaml', '.llmform/ledger.json');
    await project.write({
      'llms/c.yaml': anamLlm('c').replace('displayName: c', 'displayName: a'),
      'llms/ledger.yaml': statements('moved: [{ from: anam/LLM/a, to: anam/LLM/c }]'),
    });
    const plan = await planOf(project);
    expect(plan.changes).toMatchObject([{ action: 'update', movedFrom: 'anam/LLM/a' }]);
    expect((await project.run('apply', '--auto-approve')).code).toBe(0);
    expect(marksAt(anam)).toEqual(['shop/anam/LLM/c']);
    await expectEmpty(project);
  });

  it('swaps two addresses once, and follows chains to where there is a manifest', async () => {
    const { project, anam } = await applied('a', 'b', 'x');
    const named = (name: string, displayName: string) =>
      anamLlm(name).replace(`displayName: ${name}`, `displayName: ${displayName}`);
    await remove(project, 'llms/x.yaml');
    await project.write({
      'llms/a.yaml': named('a', 'b'),
      'llms/b.yaml': named('b', 'a'),
      'llms/z.yaml': named('z', 'x'),
      'llms/ledger.yaml': statements(`moved:
  - { from: anam/LLM/a, to: anam/LLM/b }
  - { from: anam/LLM/b, to: anam/LLM/a }
  - { from: anam/LLM/x, to: anam/LLM/y }
  - { from: anam/LLM/y, to: anam/LLM/z }`),
    });
    const plan = await planOf(project);
    expect(
      plan.changes.map((one: Record<string, unknown>) => [one.address, one.movedFrom, one.fields]),
    ).toEqual([
      ['anam/LLM/a', 'anam/LLM/b', []],
      ['anam/LLM/b', 'anam/LLM/a', []],
      ['anam/LLM/z', 'anam/LLM/x', []],
    ]);
    expect((await project.run('apply', '--auto-approve')).code).toBe(0);
    await expectEmpty(project);
    expect(writesTo(anam)).toHaveLength(3);
  });

  it('is an error with both ids where two living objects would have one address', async () => {
    const { project, anam } = await applied('a');
    await remove(project, 'llms/a.yaml');
    await project.write({ 'llms/c.yaml': anamLlm('c') });
    expect((await project.run('apply', '--auto-approve')).code).toBe(0);
    await project.write({ 'llms/ledger.yaml': statements('moved: [{ from: anam/LLM/a, to: anam/LLM/c }]') });
    const { code, err } = await project.run('plan');
    expect(code).toBe(1);
    for (const { id } of anam.objects('LLM')) expect(err).toContain(String(id));
    expect(err).toContain('llms/ledger.yaml:4');
  });

  it('renames a target with all its marks, orphans included', async () => {
    const { project, anam } = await applied('a', 'b', 'old');
    await remove(project, 'llms/old.yaml');
    await project.write({ 'llmform.yaml': projectFile(anam.url).replace('  anam:', '  anam-eu:') });
    expect((await project.run('plan')).code).toBe(1);
    await project.write({ 'llms/ledger.yaml': statements('moved: [{ from: anam, to: anam-eu }]') });
    const plan = await planOf(project);
    expect(plan.summary).toMatchObject({ create: 0, update: 3, orphan: 0 });
    expect((await project.run('apply', '--auto-approve')).code).toBe(0);
    expect(marksAt(anam)).toEqual(['a', 'b', 'old'].map((name) => `shop/anam-eu/LLM/${name}`));
    await expectEmpty(project);
    // The statement is not needed any more.
    await remove(project, 'llms/ledger.yaml');
    await expectEmpty(project);
    expect((await planOf(project)).summary).toMatchObject({ orphan: 1, noop: 2 });
  });

  it('renames the project, which is refused without it', async () => {
    const { project, anam } = await applied('a', 'b');
    await project.write({ 'llmform.yaml': projectFile(anam.url).replace('name: shop', 'name: store') });
    const refused = await project.run('plan');
    expect(refused.code).toBe(4);
    expect(refused.err).toContain('moved: [{ from: project shop, to: project store }]');
    await project.write({
      'llms/ledger.yaml': statements('moved: [{ from: project shop, to: project store }]', 'store'),
    });
    const plan = await planOf(project);
    expect(plan.changes).toMatchObject([
      { action: 'update', movedFrom: 'shop/anam/LLM/a' },
      { action: 'update', movedFrom: 'shop/anam/LLM/b' },
    ]);
    expect((await project.run('apply', '--auto-approve')).code).toBe(0);
    expect(marksAt(anam)).toEqual(['store/anam/LLM/a', 'store/anam/LLM/b']);
    await expectEmpty(project);
    expect(JSON.parse(await project.read('.llmform/ledger.json')).project).toBe('store');
  });

  it('goes on with the marks and the letting go that a vendor refused', async () => {
    const { project, anam } = await applied('a', 'b', 'old');
    await remove(project, 'llms/old.yaml');
    await project.write({
      'llmform.yaml': projectFile(anam.url).replace('  anam:', '  anam-eu:'),
      'llms/ledger.yaml': statements('moved: [{ from: anam, to: anam-eu }]\nforget: [anam-eu/LLM/old]'),
    });
    anam.faults.push({
      match: { method: 'PUT' },
      skip: 1,
      effect: { type: 'status', status: 403, body: {} },
    });
    expect((await project.run('apply', '--auto-approve')).code).toBe(3);
    anam.faults.length = 0;
    expect(marksAt(anam).filter((mark) => mark.startsWith('shop/anam/'))).toHaveLength(2);
    expect((await project.run('apply', '--auto-approve')).code).toBe(0);
    expect(marksAt(anam)).toEqual(['shop/anam-eu/LLM/a', 'shop/anam-eu/LLM/b', 'undefined']);
    await expectEmpty(project);
    expect(namesAt(anam)).toEqual(['a', 'b', 'old']);
  });

  it('waits for approval, and leaves the ledger as it is until then', async () => {
    const { project } = await applied('a');
    const before = await project.read('.llmform/ledger.json');
    await remove(project, 'llms/a.yaml');
    await project.write({
      'llms/c.yaml': anamLlm('c').replace('displayName: c', 'displayName: a'),
      'llms/ledger.yaml': statements('moved: [{ from: anam/LLM/a, to: anam/LLM/c }]'),
    });
    expect((await project.run('apply')).code).toBe(4);
    expect(await project.read('.llmform/ledger.json')).toBe(before);
  });

  it('is named in a hint where an orphan and a create have one name', async () => {
    const { project } = await applied('a');
    await remove(project, 'llms/a.yaml');
    await project.write({ 'llms/c.yaml': anamLlm('c').replace('displayName: c', 'displayName: a') });
    const { err } = await project.run('plan');
    expect(err).toContain('moved: [{ from: anam/LLM/a, to: anam/LLM/c }]');
  });
});

describe('moved, at a vendor without room for a mark', () => {
  it('changes the ledger alone, is a change, and a target may be renamed and swapped', async () => {
    const [one, two] = [await emulate('flashback'), await emulate('flashback')];
    const file = (first: string, second: string) => `apiVersion: llmform/v1
kind: Project
name: shop
manifests: ["llms/*.yaml"]
targets:
  x: { vendor: flashback, baseUrl: "${first}", auth: { fromEnv: FB } }
  y: { vendor: flashback, baseUrl: "${second}", auth: { fromEnv: FB } }
`;
    const llm = (name: string, target: string, called = name) => `apiVersion: llmform/v1
kind: LLM
vendor: flashback
metadata: { name: ${name}, target: ${target} }
spec: { name: ${called}, workspaceId: ws-1, aiType: OPENAI, endpoint: https://api.openai.com/v1, secret: { fromEnv: OPENAI } }
`;
    const project = await openProject(
      { 'llmform.yaml': file(one.url, two.url), 'llms/a.yaml': llm('a', 'x'), 'llms/b.yaml': llm('b', 'y') },
      { FB: one.credential, OPENAI: 'sk-openai-secret-1' },
    );
    expect((await project.run('apply', '--auto-approve')).code).toBe(0);
    await remove(project, 'llms/a.yaml', 'llms/b.yaml');
    await project.write({
      'llmform.yaml': file(two.url, one.url),
      'llms/c.yaml': llm('c', 'y', 'a'),
      'llms/b.yaml': llm('b', 'x'),
      'llms/ledger.yaml': statements(`moved:
  - { from: x, to: y }
  - { from: y, to: x }
  - { from: y/LLM/a, to: y/LLM/c }`),
    });
    const plan = await planOf(project, '--detailed-exitcode');
    expect(plan.code).toBe(2);
    expect(plan.requests.write).toBe(0);
    expect(plan.changes.map((each: Record<string, unknown>) => [each.address, each.movedFrom])).toEqual([
      ['x/LLM/b', 'y/LLM/b'],
      ['y/LLM/c', 'x/LLM/a'],
    ]);
    expect((await project.run('plan')).out).toContain('moved from x/LLM/a; nothing is sent');
    const wrote = [...writesTo(one), ...writesTo(two)].length;
    expect((await project.run('apply', '--auto-approve')).code).toBe(0);
    expect([...writesTo(one), ...writesTo(two)]).toHaveLength(wrote);
    await expectEmpty(project);

    // A target of which only an orphan is left: there is no step, and the ledger is told all the same.
    await remove(project, 'llms/b.yaml');
    await project.write({
      'llmform.yaml': file(two.url, one.url).replace('  x:', '  z:'),
      'llms/ledger.yaml': statements('moved: [{ from: x, to: z }]'),
    });
    expect((await project.run('apply', '--auto-approve')).code).toBe(0);
    await remove(project, 'llms/ledger.yaml');
    expect((await planOf(project)).changes).toMatchObject([{ address: 'z/LLM/b', action: 'orphan' }]);
  });
});

describe('forget', () => {
  it('lets an object go: the mark comes off, the object stays', async () => {
    const { project, anam } = await applied('a', 'b');
    await remove(project, 'llms/a.yaml');
    await project.write({ 'llms/ledger.yaml': statements('forget: [anam/LLM/a]') });
    const plan = await planOf(project, '--prune', '--detailed-exitcode');
    expect(plan.code).toBe(2);
    expect(plan.summary).toMatchObject({ forget: 1, delete: 0, orphan: 0, noop: 1 });
    expect(plan.changes[0]).toMatchObject({ action: 'forget', requests: [{ method: 'PUT' }] });
    expect((await project.run('plan')).out).toContain('1 to forget');
    expect((await project.run('apply', '--auto-approve', '--prune')).code).toBe(0);
    expect(namesAt(anam)).toEqual(['a', 'b']);
    expect(marksAt(anam)).toEqual(['shop/anam/LLM/b', 'undefined']);
    await expectEmpty(project);
    expect(Object.keys(JSON.parse(await project.read('.llmform/ledger.json')).objects)).toEqual([
      'anam/LLM/b',
    ]);
  });

  it('lets everything go, with only a Ledger document left', async () => {
    const { project, anam } = await applied('a', 'b');
    await remove(project, 'llms/a.yaml', 'llms/b.yaml');
    await project.write({ 'llms/ledger.yaml': statements('forget: ["*"]') });
    expect((await project.run('validate')).code).toBe(0);
    expect((await planOf(project)).summary).toMatchObject({ forget: 2, orphan: 0 });
    expect((await project.run('apply', '--auto-approve')).code).toBe(0);
    expect(marksAt(anam)).toEqual(['undefined', 'undefined']);
    await expectEmpty(project);
  });

  it('finds objects by their marks where the ledger is lost', async () => {
    const { project, anam } = await applied('a', 'b');
    await remove(project, 'llms/a.yaml', '.llmform/ledger.json');
    await project.write({ 'llms/ledger.yaml': statements('forget: [anam/LLM/a]') });
    expect((await planOf(project)).summary).toMatchObject({ forget: 1 });
    expect((await project.run('apply', '--auto-approve')).code).toBe(0);
    expect(marksAt(anam)).toEqual(['shop/anam/LLM/b', 'undefined']);
    await expectEmpty(project);
  });

  it('lets a target go that the project no longer has', async () => {
    const { project, anam } = await applied('a', 'b');
    const other = await emulate('anam');
    await remove(project, 'llms/a.yaml', 'llms/b.yaml');
    await project.write({
      'llmform.yaml': projectFile(other.url).replace('  anam:', '  next:'),
      'llms/n.yaml': anamLlm('n'),
      'llms/ledger.yaml': statements('forget: [anam]'),
    });
    const plan = await planOf(project);
    expect(plan.summary).toMatchObject({ forget: 2, create: 1 });
    expect((await project.run('apply', '--auto-approve')).code).toBe(0);
    expect(writesTo(anam)).toEqual([]);
    await expectEmpty(project);
    // Its name is free for another account.
    await project.write({
      'llmform.yaml': projectFile(other.url)
        .replace('  anam:', '  next:')
        .concat(`  anam: { vendor: anam, baseUrl: "${other.url}", auth: { fromEnv: ANAM_KEY } }\n`),
      'llms/n.yaml': anamLlm('n').replace('name: n', 'name: n, target: next'),
      'llms/m.yaml': anamLlm('m').replace('name: m', 'name: m, target: anam'),
    });
    await remove(project, 'llms/ledger.yaml');
    expect((await planOf(project)).code).toBe(0);
  });
});

describe('bind', () => {
  it('takes an object over without --adopt, and is harmless once the object is gone', async () => {
    const anam = await emulate('anam');
    const other = await anamProject(anam.url, anamLlms('a'));
    expect((await other.run('apply', '--auto-approve')).code).toBe(0);
    await other.write({ 'llms/ledger.yaml': statements('forget: ["*"]') });
    await remove(other, 'llms/a.yaml');
    expect((await other.run('apply', '--auto-approve')).code).toBe(0);
    const id = String(anam.objects('LLM')[0]?.id);

    const project = await anamProject(anam.url, {
      ...anamLlms('a'),
      'llms/ledger.yaml': statements(`bind: { anam/LLM/a: ${id} }`),
    });
    expect((await planOf(project)).changes).toMatchObject([{ action: 'adopt', id }]);
    expect((await project.run('apply', '--auto-approve')).code).toBe(0);
    await expectEmpty(project);
    expect(namesAt(anam)).toEqual(['a']);

    await fetch(`${anam.url}/v1/llms/${id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${anam.credential}` },
    });
    expect((await planOf(project)).changes).toMatchObject([{ action: 'create', previousId: id }]);
    expect((await project.run('apply', '--auto-approve')).code).toBe(0);
    await expectEmpty(project);
    expect(namesAt(anam)).toEqual(['a']);
  });

  it('is an error with its place for an id that was never bound and does not exist', async () => {
    const { project } = await applied('a');
    await project.write({ 'llms/ledger.yaml': statements('bind:\n  anam/LLM/a: nowhere') });
    const { code, err } = await project.run('plan');
    expect(code).toBe(1);
    expect(err).toContain('llms/ledger.yaml:5');
    expect(err).toContain('the id nowhere that anam/LLM/a is bound to does not exist');
  });

  it('shows the object that the ledger knew as an orphan, now and later', async () => {
    const { project, anam } = await applied('a', 'b');
    const idOf = (name: string) => String(anam.objects('LLM').find((one) => one.displayName === name)?.id);
    const [a, b] = [idOf('a'), idOf('b')];
    await remove(project, 'llms/b.yaml');
    await project.write({ 'llms/ledger.yaml': statements(`bind: { anam/LLM/a: ${b} }`) });
    const plan = await planOf(project);
    expect(plan.changes).toMatchObject([
      { address: 'anam/LLM/a', action: 'adopt', id: b },
      { action: 'orphan', id: a },
    ]);
    expect((await project.run('apply', '--auto-approve')).code).toBe(0);
    await expectEmpty(project);
    expect((await planOf(project)).changes).toMatchObject([{ action: 'orphan', id: a }]);
    expect((await project.run('apply', '--auto-approve', '--prune', '--max-delete', '1')).code).toBe(0);
    expect(anam.objects('LLM').map(({ id }) => id)).toEqual([b]);
    await expectEmpty(project);
  });
});

describe('ids that we make', () => {
  const goodmem = (name: string, display = name) => `apiVersion: llmform/v1
kind: LLM
vendor: goodmem
metadata: { name: ${name} }
spec:
  displayName: ${display}
  providerType: OPENAI
  endpointUrl: https://api.openai.com/v1
  modelIdentifier: model-of-${display}
  supportedModalities: [TEXT]
  credentials: { kind: CREDENTIAL_KIND_API_KEY, apiKey: { inlineSecret: { fromEnv: OPENAI } } }
`;
  const projectOf = (url: string) => `apiVersion: llmform/v1
kind: Project
name: shop
manifests: ["llms/*.yaml"]
targets:
  gm: { vendor: goodmem, baseUrl: "${url}", auth: { fromEnv: GM } }
`;

  it('stay with a moved or forgotten object, and are derived anew for its old address', async () => {
    const emulator = await emulate('goodmem');
    const project = await openProject(
      { 'llmform.yaml': projectOf(emulator.url), 'llms/a.yaml': goodmem('a') },
      { GM: emulator.credential, OPENAI: 'sk-openai-secret-1' },
    );
    expect((await project.run('apply', '--auto-approve')).err).not.toContain('error');
    const idOf = (name: string) =>
      String(emulator.objects('LLM').find(({ displayName }) => displayName === name)?.llmId);
    const first = idOf('a');
    await remove(project, 'llms/a.yaml');
    await project.write({
      'llms/b.yaml': goodmem('b', 'a'),
      'llms/ledger.yaml': statements('moved: [{ from: gm/LLM/a, to: gm/LLM/b }]'),
    });
    expect((await project.run('apply', '--auto-approve')).code).toBe(0);
    expect(idOf('a')).toBe(first);
    await project.write({ 'llms/a.yaml': goodmem('a', 'new') });
    expect((await project.run('apply', '--auto-approve')).code).toBe(0);
    const second = idOf('new');
    expect(second).not.toBe(first);
    await expectEmpty(project);

    await remove(project, 'llms/a.yaml', 'llms/ledger.yaml');
    await project.write({ 'llms/ledger.yaml': statements('forget: [gm/LLM/a]') });
    expect((await project.run('apply', '--auto-approve')).code).toBe(0);
    await remove(project, 'llms/ledger.yaml');
    await project.write({ 'llms/a.yaml': goodmem('a', 'third') });
    expect((await planOf(project)).changes).toMatchObject([{ action: 'create' }]);
    expect((await project.run('apply', '--auto-approve')).code).toBe(0);
    expect(new Set([idOf('a'), idOf('new'), idOf('third')]).size).toBe(3);
    await expectEmpty(project);
  });
});
