import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apply } from '../../src/apply/apply.js';
import type { JsonObject } from '../../src/model/json.js';
import { expectId, expectObject } from '../../src/model/parse-answer.js';
import type { KindRequest, Live, Vendor } from '../../src/model/vendor.js';
import { openClient } from '../../src/platform/http/client.js';
import { createSeals } from '../../src/platform/secrets/seal.js';
import { prepare } from '../../src/prepare/prepare.js';
import { fakeClock } from '../support/fake-clock.js';
import { digest, manifestOf, plainKind, target } from '../support/kinds.js';
import { ledgerOf } from '../support/ledger.js';
import { type Loopback, serve } from '../support/loopback.js';
import { recorded } from '../support/planning.js';

/** What happens to the next update: it is carried out and its answer lost, or its object was removed just before. */
type Mishap = 'lost' | 'gone' | 'none';

let server: Loopback;
let objects: Map<string, JsonObject>;
let mishap: Mishap;

beforeEach(async () => {
  objects = new Map([['a', { name: 'one', size: 1 }]]);
  mishap = 'none';
  server = await serve((request, response) => {
    const [, , id = ''] = (request.url ?? '').split('/');
    const body = server.requests.at(-1)?.body ?? '';
    const now = request.method === 'POST' && id !== '' ? mishap : 'none';
    if (now !== 'none') mishap = 'none';
    if (now === 'gone') objects.delete(id);
    if (request.method === 'POST' && (id === '' || objects.has(id))) {
      const name = id === '' ? `new-${objects.size}` : id;
      objects.set(name, { ...objects.get(name), ...(JSON.parse(body) as JsonObject) });
      if (now === 'lost') return response.destroy();
      return response.end(JSON.stringify(id === '' ? { id: name } : { ok: true }));
    }
    if (request.method === 'GET') {
      return response.end(
        JSON.stringify([...objects].map(([name, spec]): JsonObject => ({ id: name, spec }))),
      );
    }
    return response.writeHead(404).end('{}');
  });
});

afterEach(() => server.close());

/** A vendor that does everything but reading by POST; an update may be repeated, or not. */
function vendorOf(repeatable?: boolean): Vendor {
  const update = (id: string, body: JsonObject): KindRequest => ({
    method: 'POST',
    path: `/things/${id}`,
    body,
    ...(repeatable !== undefined && { repeatable }),
  });
  const kind = plainKind(
    {},
    {
      list: async (read) => (await read({ method: 'GET', path: '/things' })).body as unknown as Live[],
      createdId: ({ body }) => expectId(expectObject(body, 'created thing').id, 'id'),
      update,
    },
  );
  return {
    id: 'test',
    title: 'Test',
    auth: { header: 'x-key', prefix: '' },
    credential: 'a key',
    kinds: [kind],
    errorMessage: () => undefined,
  };
}

async function run(size: number, repeatable?: boolean) {
  const vendor = vendorOf(repeatable);
  const clock = fakeClock();
  const ledger = ledgerOf({ objects: recorded('one', 'a') });
  const there = { ...target, baseUrl: server.url, requestsPerSecond: 1000, timeoutMs: 5000 };
  const project = {
    name: 'tests',
    file: 'llmform.yaml',
    folder: '/nowhere',
    manifests: [],
    ledger: { type: 'file' as const, path: 'ledger.json' },
    targets: [there],
    guards: { maxDelete: 0, maxDeletePercent: 30, maxUpdatePercent: 100, maxMissingPercent: 30 },
  };
  const plan = () =>
    prepare(
      {
        project,
        targets: [there],
        manifests: [manifestOf('one', { name: 'one', size })],
        ledger,
      },
      {
        vendors: [vendor],
        secrets: { resolve: async () => 'key', mask: (text) => text, clean: (text) => text },
        seals: createSeals,
        clock,
        digests: () => ({ plain: (value) => digest(value ?? null), secret: async (value) => value }),
      },
      { targets: [], prune: false, adopt: false, trustSecrets: false },
      (to, of, credential) => openClient(to, of, credential, { clean: (text) => text }),
    );
  const prepared = await plan();
  const { outcomes } = await apply({
    prepared,
    ledger,
    save: async () => undefined,
    signal: new AbortController().signal,
    clock,
    onOutcome: () => undefined,
  });
  const next = await plan();
  for (const { observation } of [prepared, next]) {
    for (const connection of observation.readers.values()) await connection.close();
  }
  const updates = server.requests.filter(({ method, url }) => method === 'POST' && url === '/things/a');
  return { outcomes, updates: updates.length, ledger, next: next.plan.changes };
}

describe('a vendor that updates by POST', () => {
  it('is written, read back and recorded as an update', async () => {
    const { outcomes, updates, ledger, next } = await run(2);
    expect(outcomes).toEqual([{ address: 'here/Thing/one', action: 'update', status: 'applied', id: 'a' }]);
    expect([...objects]).toEqual([['a', { name: 'one', size: 2 }]]);
    expect(updates).toBe(1);
    expect(ledger.intents).toEqual({});
    expect(ledger.objects['here/Thing/one']).toMatchObject({ id: 'a', applied: { '/size': '=2' } });
    expect(next).toEqual([]);
  });

  it('is asked again after an answer that was lost, where an update may be repeated', async () => {
    mishap = 'lost';
    const { outcomes, updates, ledger, next } = await run(2);
    expect(outcomes).toMatchObject([{ status: 'applied', id: 'a' }]);
    expect(updates).toBe(2);
    expect(ledger.intents).toEqual({});
    expect(next).toEqual([]);
  });

  it('is not asked again where it may not, and the next plan sees what became of it', async () => {
    mishap = 'lost';
    const { outcomes, updates, ledger, next } = await run(2, false);
    expect(outcomes).toMatchObject([{ status: 'failed', id: 'a', error: { code: 'unreachable' } }]);
    expect(updates).toBe(1);
    expect(ledger.intents).toEqual({});
    expect(next).toEqual([]);
  });

  it('says that an object that went in the meantime is stale', async () => {
    mishap = 'gone';
    const { outcomes, ledger } = await run(2);
    expect(outcomes).toMatchObject([{ status: 'stale', error: { code: 'not-found', httpStatus: 404 } }]);
    expect(ledger.intents).toEqual({});
  });
});
