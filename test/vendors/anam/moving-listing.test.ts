import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Emulator } from '../../../src/emulator/index.js';
import { planIn, reportIn } from '../../support/output-schemas.js';
import { anamLlms, anamProject, emulate, writesTo } from '../../support/project.js';

const MOVES = ['insert', 'delete', 'shuffle'] as const;
const PAGES = 2;

/** Fifteen objects of others on pages of ten: the second page has room. */
async function crowded(options: Record<string, unknown> = {}): Promise<Emulator> {
  const anam = await emulate('anam', { options: { maxPerPage: 10, perPageOverLimit: 'clamp', ...options } });
  for (let i = 0; i < 15; i += 1) anam.put('LLM', { displayName: `Number ${i}` });
  return anam;
}

function listings({ requests }: Emulator): number {
  return requests.filter(({ method, path }) => method === 'GET' && path.includes('?page=1&')).length;
}

function named({ objects }: Emulator, name: string): number {
  return objects('LLM').filter(({ displayName }) => displayName === name).length;
}

describe('a listing that moves while it is read', () => {
  it.each(MOVES)('is read again until it stands still: %s', async (betweenPages) => {
    const anam = await crowded({ betweenPages, disturbedListings: 3 });
    const file = await anamProject(anam.url, anamLlms('support'));
    const { code, out } = await file.run('plan', '--format', 'json');
    expect(code).toBe(0);
    expect(planIn(out).changes).toMatchObject([{ action: 'create' }]);
    // Three that moved, one that did not, and one more that proves it: an object is missing, and would be created.
    expect(listings(anam)).toBe(5);
  });

  it.each(MOVES)('counts as incomplete when it never does: %s', async (betweenPages) => {
    const anam = await crowded({ betweenPages });
    const file = await anamProject(anam.url, anamLlms('support'));
    const { code, err } = await file.run('apply', '--auto-approve');
    expect(code).toBe(1);
    expect(err).toContain('does not add up');
    expect(listings(anam)).toBe(4);
    expect(writesTo(anam)).toEqual([]);
  });

  it('is read once when nothing moves and all that is ours is found', async () => {
    const anam = await crowded();
    const file = await anamProject(anam.url, anamLlms('support'));
    expect((await file.run('apply', '--auto-approve')).code).toBe(0);
    anam.requests.length = 0;
    const { code, out } = await file.run('plan', '--format', 'json');
    expect({ code, ...planIn(out).requests }).toMatchObject({ code: 0, read: PAGES });
    expect(anam.requests).toHaveLength(PAGES);
  });

  it.each(MOVES)('does not spoil the read-back of what was written: %s', async (betweenPages) => {
    const anam = await crowded();
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const file = await anamProject(anam.url, anamLlms(...names));
    const disturb = () => Object.assign(anam.options, { betweenPages, disturbedListings: 3 });
    anam.faults.push({ match: { method: 'POST' }, times: 1, effect: { type: 'meanwhile', run: disturb } });
    const { code, out } = await file.run('apply', '--auto-approve', '--format', 'json');
    expect({ code, report: reportIn(out) }).toMatchObject({
      code: 0,
      report: { summary: { applied: 8 }, diagnostics: [] },
    });
  });

  it.each(MOVES)('does not double an object whose create was unclear: %s', async (betweenPages) => {
    const anam = await crowded();
    const file = await anamProject(anam.url, anamLlms('support'));
    anam.faults.push({ match: { method: 'POST' }, times: 1, effect: { type: 'reset', when: 'after' } });
    const disturb = () => Object.assign(anam.options, { betweenPages, disturbedListings: 3 });
    const lookUp = { match: { method: 'GET' }, skip: 2 * PAGES, times: 1 };
    anam.faults.push({ ...lookUp, effect: { type: 'meanwhile', run: disturb } });
    expect((await file.run('apply', '--auto-approve')).code).toBe(0);
    expect(named(anam, 'support')).toBe(1);
  });
});

describe('a listing whose total stays while it moves', () => {
  /** Our objects follow ten of others: when the oldest goes, the first of ours moves to the page that was read already. */
  async function ours(...names: string[]) {
    const anam = await emulate('anam', { options: { maxPerPage: 10, perPageOverLimit: 'clamp' } });
    for (let i = 0; i < 10; i += 1) anam.put('LLM', { displayName: `Number ${i}` });
    const file = await anamProject(anam.url, anamLlms(...names));
    return { anam, file };
  }

  it('does not double an object that the ledger has lost', async () => {
    const { anam, file } = await ours('support');
    expect((await file.run('apply', '--auto-approve')).code).toBe(0);
    await rm(join(file.path, '.llmform/ledger.json'));
    Object.assign(anam.options, { betweenPages: 'replace', disturbedListings: 1 });
    const { code, out } = await file.run('plan', '--format', 'json');
    // It is found by its mark; its secret is sent once, because the digest is lost.
    expect(code).toBe(0);
    expect(planIn(out).changes).toMatchObject([{ action: 'update' }]);
    anam.options.disturbedListings = 1;
    expect((await file.run('apply', '--adopt', '--auto-approve')).code).toBe(0);
    expect(named(anam, 'support')).toBe(1);
  });

  it('hides no second object of the same name', async () => {
    const { anam, file } = await ours('support');
    anam.put('LLM', { displayName: 'support' });
    anam.put('LLM', { displayName: 'support' });
    Object.assign(anam.options, { betweenPages: 'replace', disturbedListings: 1 });
    const { code, err } = await file.run('apply', '--adopt', '--auto-approve');
    expect({ code, writes: writesTo(anam) }).toEqual({ code: 1, writes: [] });
    expect(err).toContain('support');
  });

  it('counts as incomplete when it never stands still', async () => {
    const { anam, file } = await ours('support');
    anam.put('LLM', { displayName: 'another' });
    Object.assign(anam.options, { betweenPages: 'replace' });
    const { code, err } = await file.run('apply', '--auto-approve');
    expect({ code, writes: writesTo(anam) }).toEqual({ code: 1, writes: [] });
    expect(err).toContain('the list of LLM objects changes each time that it is read; run it again');
    expect(listings(anam)).toBe(4);
  });

  it('loses no object that was just written', async () => {
    const names = ['a', 'b', 'c', 'd'];
    const { anam, file } = await ours(...names);
    const disturb = () => Object.assign(anam.options, { betweenPages: 'replace', disturbedListings: 1 });
    anam.faults.push({ match: { method: 'POST' }, times: 1, effect: { type: 'meanwhile', run: disturb } });
    const { code, out } = await file.run('apply', '--auto-approve', '--format', 'json');
    expect({ code, report: reportIn(out) }).toMatchObject({
      code: 0,
      report: { summary: { applied: 4 }, diagnostics: [] },
    });
    expect(anam.options.disturbedListings).toBe(0);
  });
});

describe('page counts that do not fit the total', () => {
  it.each([
    ['far too many pages', { total: 181, lastPage: 99_999, currentPage: 1, perPage: 100 }],
    ['one page too many', { total: 200, lastPage: 3, currentPage: 1, perPage: 100 }],
    ['a page too few', { total: 201, lastPage: 2, currentPage: 1, perPage: 100 }],
    ['more pages than anybody has', { total: 10_000_000, lastPage: 10_000_000, currentPage: 1, perPage: 1 }],
    ['a total that is no number of objects', { total: 1e300, lastPage: 1e298, currentPage: 1, perPage: 100 }],
  ])('are refused at the first page: %s', async (_, meta) => {
    const anam = await emulate('anam');
    const file = await anamProject(anam.url, anamLlms('support'));
    anam.faults.push({ effect: { type: 'status', status: 200, body: { data: [], meta } } });
    const { code, err } = await file.run('plan');
    expect(code).toBe(1);
    expect(err).toContain('target anam cannot be read: the list of LLMs ');
    expect(anam.requests).toHaveLength(1);
  });

  it('are refused where the same page comes again and again', async () => {
    const anam = await emulate('anam');
    const file = await anamProject(anam.url, anamLlms('support'));
    const data = [anamBody('1'), anamBody('2')];
    const meta = { total: 2000, lastPage: 1000, currentPage: 1, perPage: 2 };
    anam.faults.push({ effect: { type: 'status', status: 200, body: { data, meta } } });
    const { code, err } = await file.run('plan');
    expect(code).toBe(1);
    expect(err).toContain('page 2 is page 1 once more');
    expect(anam.requests.length).toBeLessThan(20);
  });
});

function anamBody(id: string) {
  return { id, displayName: id, llmFormat: 'openai', urls: [], isDefault: false };
}
