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
    const world = memoryWorld();
    const { outcomes } = await world.apply([
      child('grandchild', 'child'),
      child('child', 'parent'),
      thing('parent'),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['applied', 'applied', 'applied']);
    const byName = Object.fromEntries([...world.objects].map(([id, spec]) => [spec.name, { id, ...spec }]));
    expect(byName.child).toMatchObject({ parent: byName.parent?.id });
    expect(byName.grandchild).toMatchObject({ parent: byName.child?.id });
    expect(
      (await world.plan([child('grandchild', 'child'), child('child', 'parent'), thing('parent')])).plan
        .changes,
    ).toEqual([]);
  });

  it('skips the descendants of a failure, and finishes everything else', async () => {
    const world = memoryWorld();
    world.hooks.before = ({ body }) => {
      if (body?.name === 'parent') throw fault('invalid', 422);
    };
    const { outcomes } = await world.apply([
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
    expect(Object.keys(world.ledger.objects)).toEqual(['here/Thing/single']);
    expect(world.told).toHaveLength(4);
  });

  it('records an intent before it creates, and the object in its place at once', async () => {
    const world = memoryWorld();
    world.objects.set('old', { name: 'one', owner: 'theirs' });
    world.ledger.objects = recorded('another', 'old');
    const seen: unknown[] = [];
    world.hooks.before = () => seen.push(structuredClone(world.saved.at(-1)?.intents));
    await world.apply([thing('one'), manifestOf('another', { owner: 'theirs' })]);
    expect(seen).toEqual([
      {
        'here/Thing/one': {
          vendor: 'test',
          known: ['old'],
          name: '["one"]',
          sent: expect.objectContaining({ '/name': '="one"' }),
        },
      },
    ]);
    expect(world.saved.at(-1)).toMatchObject({ intents: {}, objects: { 'here/Thing/one': { id: 'id-2' } } });
  });

  it('starts nothing more when the ledger cannot be written', async () => {
    const world = memoryWorld();
    const broken = new DiagnosticError({ severity: 'error', code: 'ledger', summary: 'the disk is full' });
    world.save = async () => {
      throw broken;
    };
    await expect(world.apply([thing('one'), thing('two'), thing('three')])).rejects.toBe(broken);
    expect(writes(world.sent)).toEqual([]);
  });

  it('finishes what is under way when it is interrupted, and starts nothing new', async () => {
    const world = memoryWorld();
    const names = Array.from({ length: 8 }, (_, i) => `n${i}`);
    world.hooks.before = () => world.stop.abort();
    const { outcomes } = await world.apply(names.map((name) => thing(name)));
    const applied = outcomes.filter(({ status }) => status === 'applied');
    expect(applied.length).toBe(world.objects.size);
    expect(applied.length).toBeLessThan(8);
    expect(outcomes.filter(({ error }) => error?.code === 'interrupted')).toHaveLength(8 - applied.length);
    expect(Object.keys(world.ledger.objects)).toHaveLength(applied.length);
  });

  it('reports what was written and is not there when it is read back', async () => {
    const world = memoryWorld();
    world.hooks.after = () => world.objects.clear();
    const { outcomes } = await world.apply([thing('one')]);
    expect(outcomes).toMatchObject([{ status: 'failed', error: { code: 'vanished' } }]);
  });

  it('warns, and fails nothing, when nothing can be read back', async () => {
    const world = memoryWorld();
    world.hooks.after = () => {
      world.hooks.read = () => {
        throw fault('server', 500);
      };
    };
    const { outcomes, diagnostics } = await world.apply([thing('one')]);
    expect(outcomes).toMatchObject([{ status: 'applied' }]);
    expect(diagnostics).toMatchObject([
      { severity: 'warning', summary: expect.stringContaining('read back') },
    ]);
  });

  it('remembers what the vendor dropped, and does not send it again', async () => {
    const world = memoryWorld();
    world.hooks.after = ({ path }) => {
      for (const spec of world.objects.values()) delete spec.size;
      return path;
    };
    const { outcomes } = await world.apply([thing('one')]);
    expect(outcomes).toMatchObject([{ status: 'applied', notPersisted: ['/size'] }]);
    const { plan } = await world.plan([thing('one')]);
    expect(plan).toMatchObject({ changes: [], diagnostics: [{ code: 'not-persisted' }] });
    expect((await world.plan([thing('one', { size: 2 })])).plan.changes).toHaveLength(1);
  });

  it('leaves alone what changed since it was planned', async () => {
    const world = memoryWorld();
    await world.apply([thing('one')]);
    const [id = ''] = world.objects.keys();
    let reads = 0;
    world.hooks.read = () => {
      reads += 1;
      // Somebody else is quicker than we are, between the plan and the write.
      if (reads === 2) world.objects.set(id, { name: 'one', size: 7 });
    };
    const { outcomes } = await world.apply([thing('one', { size: 2 })]);
    expect(outcomes).toMatchObject([{ status: 'stale' }]);
    expect(world.objects.get(id)).toMatchObject({ size: 7 });
  });

  it('writes a new version, moves what refers to it, and removes the old one last', async () => {
    const { rules } = plainKind({ writes: 'new-version' });
    const world = memoryWorld({ kind: { rules } });
    await world.apply([thing('parent')]);
    const [old = ''] = world.objects.keys();
    world.sent.length = 0;
    await world.apply([thing('parent', { size: 2 })]);
    expect(writes(world.sent)).toEqual(['POST /things', `DELETE /things/${old}`]);
    expect(world.objects.size).toBe(1);
  });
});

describe('a create whose answer never came', () => {
  it.each(['unreachable', 'timeout', 'not-json', 'unexpected', 'server'] as const)(
    'is found when it happened: %s',
    async (code) => {
      const world = memoryWorld();
      world.hooks.after = () => {
        throw fault(code);
      };
      const { outcomes } = await world.apply([thing('one')]);
      expect(outcomes).toMatchObject([{ status: 'applied', id: 'id-1' }]);
      expect(writes(world.sent)).toEqual(['POST /things']);
      expect(world.ledger.intents).toEqual({});
    },
  );

  it('is tried again by the next apply when it did not happen', async () => {
    const world = memoryWorld();
    world.hooks.before = () => {
      throw fault('unreachable');
    };
    expect((await world.apply([thing('one')])).outcomes).toMatchObject([{ status: 'failed' }]);
    expect(Object.keys(world.ledger.intents)).toEqual(['here/Thing/one']);
    world.hooks = {};
    expect((await world.apply([thing('one')])).outcomes).toMatchObject([
      { action: 'create', status: 'applied' },
    ]);
    expect(world.objects.size).toBe(1);
    expect(world.ledger.intents).toEqual({});
  });

  it('is not looked for when the vendor said no', async () => {
    const world = memoryWorld();
    world.hooks.before = () => {
      throw fault('invalid', 422);
    };
    await world.apply([thing('one')]);
    expect(world.ledger.intents).toEqual({});
    expect(world.sent.filter((line) => line.startsWith('GET'))).toHaveLength(1);
  });

  it('is not taken for another object of ours that bears the same name', async () => {
    const world = memoryWorld();
    const twins = ['one', 'two'].map((name) => manifestOf(name, { name: 'Twin', size: 1 }));
    let first = true;
    world.hooks.before = async () => {
      if (!first) return;
      first = false;
      // Nothing happened here, and the other one is made in the meantime.
      await new Promise(setImmediate);
      throw fault('unreachable');
    };
    const { outcomes } = await world.apply(twins);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['applied', 'failed']);
    expect(world.objects.size).toBe(1);
    expect((await world.apply(twins)).outcomes).toMatchObject([{ action: 'create', status: 'applied' }]);
    expect(world.objects.size).toBe(2);
  });

  it('is not guessed when two objects may be it', async () => {
    const world = memoryWorld();
    world.hooks.after = () => {
      world.objects.set('stranger', { ...[...world.objects.values()].at(-1) });
      throw fault('unreachable');
    };
    expect((await world.apply([thing('one')])).outcomes).toMatchObject([{ status: 'failed' }]);
    world.hooks = {};
    const { plan } = await world.plan([thing('one')]);
    expect(plan).toMatchObject({ changes: [], diagnostics: [{ severity: 'error', code: 'identity' }] });
  });

  it('is not what somebody else made under the same name', async () => {
    const world = memoryWorld();
    world.hooks.before = () => {
      world.objects.set('stranger', { name: 'one', owner: 'somebody else' });
      throw fault('unreachable');
    };
    expect((await world.apply([thing('one')])).outcomes).toMatchObject([{ status: 'failed' }]);
    world.hooks = {};
    const { plan } = await world.plan([thing('one')]);
    expect(plan.changes).toMatchObject([
      { action: 'adopt', id: 'stranger', blocked: { reason: 'not-adopted' } },
    ]);
  });
});
