import { describe, expect, it } from 'vitest';
import { bodies, llm, other, settled, url } from '../../support/anam.js';
import { writesTo } from '../../support/sandbox.js';

describe('the URLs of an Anam LLM', () => {
  it.each([true, false])(
    'are compared without the region that the vendor fills in: %s',
    async (fillsRegion) => {
      const sandbox = await settled({ fillsRegion }, llm({ urls: [{ url: 'https://LLM.example.com/v1/' }] }));
      expect((await sandbox.plan()).plan.changes).toEqual([]);
      sandbox.declare(llm({ urls: [{ url: other }] }));
      expect((await sandbox.apply()).code).toBe(0);
      expect(bodies(sandbox)).toEqual([{ url: other }]);
      expect((await sandbox.plan()).plan.changes).toEqual([]);
    },
  );

  it.each([
    ['several', [{ url }, { url: other }]],
    ['a region', [{ url, region: 'eu' }]],
  ])('are created as they are, and need a replacement to become %s', async (_, urls) => {
    const sandbox = await settled({}, llm({ urls }, 'created'));
    expect((await sandbox.plan()).plan.changes).toEqual([]);

    sandbox.declare(llm({ urls }, 'created'), llm({ displayName: 'Two' }, 'two'));
    await sandbox.apply();
    sandbox.emulator.requests.length = 0;
    sandbox.declare(llm({ urls }, 'created'), llm({ displayName: 'Two', urls }, 'two'));
    expect((await sandbox.plan()).plan.changes).toMatchObject([{ action: 'replace' }]);
    expect((await sandbox.apply('--max-delete', '1')).code).toBe(0);
    expect(writesTo(sandbox.emulator).map(({ method }) => method)).toEqual(['POST', 'DELETE']);
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });

  it('need a replacement for a member that the schema does not know', async () => {
    const one = (weight: number) => ({
      ...llm({ urls: [{ url, weight }] }),
      lifecycle: { allowUnknown: ['/urls/0/weight'] },
    });
    const sandbox = await settled({ unknownMembers: 'keep' }, one(1));
    expect((await sandbox.plan()).plan.changes).toEqual([]);
    sandbox.declare(one(2));
    expect((await sandbox.plan()).plan.changes).toMatchObject([{ action: 'replace' }]);
    expect((await sandbox.apply('--max-delete', '1')).code).toBe(0);
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });

  it('do not care about their order', async () => {
    const sandbox = await settled({}, llm({ urls: [{ url }, { url: other }] }));
    sandbox.declare(llm({ urls: [{ url: other }, { url }] }));
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });

  it('become one again by url, where that replaces all', async () => {
    const sandbox = await settled({ urlOnSeveral: 'replace-all' }, llm({ urls: [{ url }, { url: other }] }));
    sandbox.declare(llm({ urls: [{ url: other }] }));
    expect((await sandbox.apply()).code).toBe(0);
    expect(bodies(sandbox)).toEqual([{ url: other }]);
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });

  it('say so when the vendor replaced the first alone', async () => {
    const sandbox = await settled(
      { urlOnSeveral: 'replace-first' },
      llm({ urls: [{ url }, { url: other }] }),
    );
    sandbox.declare(llm());
    const { code, report } = await sandbox.apply();
    expect({ code, report }).toMatchObject({ code: 3, report: { outcomes: [{ notPersisted: ['/urls'] }] } });
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });

  it('say so when the vendor refused', async () => {
    const sandbox = await settled({ urlOnSeveral: 'reject' }, llm({ urls: [{ url }, { url: other }] }));
    sandbox.declare(llm());
    expect((await sandbox.apply()).report.outcomes).toMatchObject([
      { status: 'failed', error: { code: 'invalid' } },
    ]);
  });
});
