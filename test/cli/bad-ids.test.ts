import { describe, expect, it } from 'vitest';
import { anamLlm, anamLlms, anamProject, emulate } from '../support/project.js';

describe('an id that cannot be one', () => {
  const IDS: [string, string][] = [
    ['a step in a path', '..'],
    ['a step in a path', '.'],
    ['a slash', 'a/b'],
    ['a slash', '../../v1/users/1'],
    ['a control character', 'a\u0007b'],
    ['half a character', 'a\ud800'],
  ];

  it.each(IDS)('is refused where a vendor lists it: %s, %j', async (fault, id) => {
    const anam = await emulate('anam');
    const file = await anamProject(anam.url, anamLlms('support'));
    const listed = { id, displayName: 'x', llmFormat: 'openai', urls: [], isDefault: false };
    const meta = { total: 1, lastPage: 1, currentPage: 1, perPage: 100 };
    const body = { data: [listed], meta };
    anam.faults.push({ match: { path: /page=/ }, effect: { type: 'status', status: 200, body } });
    const { code, err } = await file.run('plan');
    expect(code).toBe(1);
    expect(err).toContain('this cannot be an id');
    expect(err).toContain(fault);
  });

  it.each(IDS)('is refused in a manifest, with its place: %s, %j', async (fault, id) => {
    const anam = await emulate('anam');
    const text = anamLlm('support').replace(
      '{ name: support }',
      `{ name: support, id: ${JSON.stringify(id)} }`,
    );
    const file = await anamProject(anam.url, { 'llms/support.yaml': text });
    const { code, out } = await file.run('validate');
    expect(code).toBe(1);
    expect(out).toMatch(/error\[schema\] llms\/support\.yaml:4:\d+ metadata\.id cannot be an id: /);
    expect(out).toContain(fault);
    expect(out).not.toContain('\u0007');
  });

  it.each(IDS)('is refused in the ledger: %s, %j', async (fault, id) => {
    const anam = await emulate('anam');
    const file = await anamProject(anam.url, anamLlms('support'));
    await file.run('apply', '--auto-approve');
    const ledger = JSON.parse(await file.read('.llmform/ledger.json'));
    ledger.objects['anam/LLM/support'].id = id;
    await file.write({ '.llmform/ledger.json': JSON.stringify(ledger) });
    anam.requests.length = 0;
    const { code, err } = await file.run('plan');
    expect(code).toBe(1);
    expect(err).toContain('is damaged: objects["anam/LLM/support"].id cannot be an id: ');
    expect(err).toContain(fault);
    expect(anam.requests).toEqual([]);
  });
});
