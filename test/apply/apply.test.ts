import { describe, expect, it } from 'vitest';
import { DiagnosticError } from '../../src/model/diagnostic.js';
import { manifestOf, plainKind } from '../support/kinds.js';
import { fault, memoryWorld } from '../support/memory-world.js';
import { recorded } from '../support/planning.js';

const thing = (name: string, more = {}) => manifestOf(name, { name, size: 1, ...more });
const child = (name: string, parent: string) => thing(name, { parent: { ref: `Thing/${parent}` } });
const writes = (sent: string[]) => sent.filter((line) => !line.startsWith('GET'));

describe('apply', () => {
  it('creates parents first, and gives their ids to their children', async () => {
    const ports = memoryWorld();
    const { outcomes } = await ports.apply([
      child('grandchild', 'child'),
      child('child', 'parent'),
      thing('parent'),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['applied', 'applied', 'applied']);
    const byName = Object.fromEntries([...ports.objects].map(([id, spec]) => [spec.name, { id, ...spec }]));
    expect(byName.child).toMatchObject({ parent: byName.parent?.id });
    expect(byName.grandchild).toMatchObject({ parent: byName.child?.id });
    expect(
      (await ports.plan([child('grandchild', 'child'), child('child', 'parent'), thing('parent')])).plan
        .changes,
    ).toEqual([]);
  });

  it('skips the descendants of a failure, and finishes everything else', async () => {
    const ports = memoryWorld();
    ports.hooks.before = ({ body }) => {
      if (body?.name === 'parent') throw fault('invalid', 422);
    };
    const { outcomes } = await ports.apply([
      child('child', 'parent'),
      child('grandchild', 'child'),
      thing('parent'),
      thing('single'),
    ]);
    expect(
      Object.fromEntries(
        outcomes.map(({ address, status, error }) => [address.split('/')[2], [status, error?.code]]),
      ),
    ).toEqual({
      child: ['skipped', 'blocked'],
      grandchild: ['skipped', 'blocked'],
      parent: ['failed', 'invalid'],
      single: ['applied', undefined],
    });
    expect(Object.keys(ports.ledger.objects)).toEqual(['here/Thing/single']);
    expect(ports.told).toHaveLength(4);
  });

  it('skips what depends on an object that is left alone', async () => {
    const rules = plainKind({ uniqueName: { field: 'name', within: [] } }).rules;
    const ports = memoryWorld({ kind: { rules } });
    ports.objects.set('old', { name: 'parent' });
    ports.ledger.objects = recorded('orphan', 'old');
    const { outcomes } = await ports.apply([child('child', 'parent'), thing('parent')]);
    expect(outcomes.map(({ address, status, error }) => [address, status, error?.code])).toEqual([
      ['here/Thing/child', 'skipped', 'blocked'],
      ['here/Thing/parent', 'skipped', 'in-use'],
    ]);
    expect(writes(ports.sent)).toEqual([]);
  });

  it('records an intent before it creates, and the object in its place at once', async () => {
    const ports = memoryWorld();
    ports.objects.set('old', { name: 'one', owner: 'theirs' });
    ports.ledger.objects = recorded('another', 'old');
    const seen: unknown[] = [];
    ports.hooks.before = () => seen.push(structuredClone(ports.saved.at(-1)?.intents));
    await ports.apply([thing('one'), manifestOf('another', { owner: 'theirs' })]);
    expect(seen).toEqual([
      {
        'here/Thing/one': {
          vendor: 'test',
          at: '2026-11-21T12:00:00.000Z',
          known: ['old'],
          name: '["one"]',
          sent: expect.objectContaining({ '/name': '="one"' }),
        },
      },
    ]);
    expect(ports.saved.at(-1)).toMatchObject({ intents: {}, objects: { 'here/Thing/one': { id: 'id-2' } } });
  });

  it('starts nothing more when the ledger cannot be written', async () => {
    const ports = memoryWorld();
    const broken = new DiagnosticError({ severity: 'error', code: 'ledger', summary: 'the disk is full' });
    ports.save = async () => {
      throw broken;
    };
    await expect(ports.apply([thing('one'), thing('two'), thing('three')])).rejects.toBe(broken);
    expect(writes(ports.sent)).toEqual([]);
  });

  it('finishes what is under way when it is interrupted, and starts nothing new', async () => {
    const ports = memoryWorld();
    const names = Array.from({ length: 8 }, (_, i) => `n${i}`);
    ports.hooks.before = () => ports.stop.abort();
    const { outcomes } = await ports.apply(names.map((name) => thing(name)));
    const applied = outcomes.filter(({ status }) => status === 'applied');
    expect(applied.length).toBe(ports.objects.size);
    expect(applied.length).toBeLessThan(8);
    expect(outcomes.filter(({ error }) => error?.code === 'interrupted')).toHaveLength(8 - applied.length);
    expect(Object.keys(ports.ledger.objects)).toHaveLength(applied.length);
  });

  it('reports what was written and is not there when it is read back', async () => {
    const ports = memoryWorld();
    ports.hooks.after = () => ports.objects.clear();
    const { outcomes } = await ports.apply([thing('one')]);
    expect(outcomes).toMatchObject([{ status: 'failed', error: { code: 'vanished' } }]);
  });

  it('warns, and fails nothing, when nothing can be read back', async () => {
    const ports = memoryWorld();
    ports.hooks.after = () => {
      ports.hooks.read = () => {
        throw fault('server', 500);
      };
    };
    const { outcomes, diagnostics } = await ports.apply([thing('one')]);
    expect(outcomes).toMatchObject([{ status: 'applied' }]);
    expect(diagnostics).toMatchObject([
      { severity: 'warning', summary: expect.stringContaining('read back') },
    ]);
  });

  it('remembers what the vendor dropped, and does not send it again', async () => {
    const ports = memoryWorld();
    ports.hooks.after = ({ path }) => {
      for (const spec of ports.objects.values()) delete spec.size;
      return path;
    };
    const { outcomes } = await ports.apply([thing('one')]);
    expect(outcomes).toMatchObject([{ status: 'applied', notPersisted: ['/size'] }]);
    const { plan } = await ports.plan([thing('one')]);
    expect(plan).toMatchObject({ changes: [], diagnostics: [{ code: 'not-persisted' }] });
    expect((await ports.plan([thing('one', { size: 2 })])).plan.changes).toHaveLength(1);
  });

  it('leaves alone what changed since it was planned', async () => {
    const ports = memoryWorld();
    await ports.apply([thing('one')]);
    const [id = ''] = ports.objects.keys();
    let reads = 0;
    ports.hooks.read = () => {
      reads += 1;
      // Somebody else is quicker than we are, between the plan and the write.
      if (reads === 2) ports.objects.set(id, { name: 'one', size: 7 });
    };
    const { outcomes } = await ports.apply([thing('one', { size: 2 })]);
    expect(outcomes).toMatchObject([{ status: 'stale' }]);
    expect(ports.objects.get(id)).toMatchObject({ size: 7 });
  });

  it('writes a new version, moves what refers to it, and removes the old one last', async () => {
    const { rules } = plainKind({ writes: 'new-version' });
    const ports = memoryWorld({ kind: { rules } });
    await ports.apply([thing('parent')]);
    const [old = ''] = ports.objects.keys();
    ports.sent.length = 0;
    await ports.apply([thing('parent', { size: 2 })]);
    expect(writes(ports.sent)).toEqual(['POST /things', `DELETE /things/${old}`]);
    expect(ports.objects.size).toBe(1);
  });
});

describe('a create whose answer never came', () => {
  it.each(['unreachable', 'timeout', 'not-json', 'unexpected', 'server'] as const)(
    'is found when it happened: %s',
    async (code) => {
      const ports = memoryWorld();
      ports.hooks.after = () => {
        throw fault(code);
      };
      const { outcomes } = await ports.apply([thing('one')]);
      expect(outcomes).toMatchObject([{ status: 'applied', id: 'id-1' }]);
      expect(writes(ports.sent)).toEqual(['POST /things']);
      expect(ports.ledger.intents).toEqual({});
    },
  );

  it('is tried again by the next apply when it did not happen', async () => {
    const ports = memoryWorld();
    ports.hooks.before = () => {
      throw fault('unreachable');
    };
    expect((await ports.apply([thing('one')])).outcomes).toMatchObject([{ status: 'failed' }]);
    expect(Object.keys(ports.ledger.intents)).toEqual(['here/Thing/one']);
    ports.hooks = {};
    expect((await ports.apply([thing('one')])).outcomes).toMatchObject([
      { action: 'create', status: 'applied' },
    ]);
    expect(ports.objects.size).toBe(1);
    expect(ports.ledger.intents).toEqual({});
  });

  it('is not looked for when the vendor said no', async () => {
    const ports = memoryWorld();
    ports.hooks.before = () => {
      throw fault('invalid', 422);
    };
    await ports.apply([thing('one')]);
    expect(ports.ledger.intents).toEqual({});
    expect(ports.sent.filter((line) => line.startsWith('GET'))).toHaveLength(1);
  });

  it('is not taken for another managed object of the same name', async () => {
    const ports = memoryWorld();
    const twins = ['one', 'two'].map((name) => manifestOf(name, { name: 'Twin', size: 1 }));
    let first = true;
    ports.hooks.before = async () => {
      if (!first) return;
      first = false;
      // Nothing happened here, and the other one is made in the meantime.
      await new Promise(setImmediate);
      throw fault('unreachable');
    };
    const { outcomes } = await ports.apply(twins);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['applied', 'failed']);
    expect(ports.objects.size).toBe(1);
    expect((await ports.apply(twins)).outcomes).toMatchObject([{ action: 'create', status: 'applied' }]);
    expect(ports.objects.size).toBe(2);
  });

  it('is not guessed when two objects may be it', async () => {
    const ports = memoryWorld();
    ports.hooks.after = () => {
      ports.objects.set('stranger', { ...[...ports.objects.values()].at(-1) });
      throw fault('unreachable');
    };
    expect((await ports.apply([thing('one')])).outcomes).toMatchObject([{ status: 'failed' }]);
    ports.hooks = {};
    const { plan } = await ports.plan([thing('one')]);
    expect(plan).toMatchObject({ changes: [], diagnostics: [{ severity: 'error', code: 'identity' }] });
  });

  it('is not a foreign object of the same name', async () => {
    const ports = memoryWorld();
    ports.hooks.before = () => {
      ports.objects.set('stranger', { name: 'one', owner: 'somebody else' });
      throw fault('unreachable');
    };
    expect((await ports.apply([thing('one')])).outcomes).toMatchObject([{ status: 'failed' }]);
    ports.hooks = {};
    const { plan } = await ports.plan([thing('one')]);
    expect(plan.changes).toMatchObject([
      { action: 'adopt', id: 'stranger', blocked: { reason: 'not-adopted' } },
    ]);
  });
});
