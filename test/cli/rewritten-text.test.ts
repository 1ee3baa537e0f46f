import { describe, expect, it } from 'vitest';
import { planIn, reportIn } from '../support/output-schemas.js';
import { anamLlm, anamProject, emulate, writesTo } from '../support/project.js';

const WAYS: [string, string[], string, string[]][] = [
  ['trims', ['trim'], '|\n    Answers billing questions.\n    Is kind.\n', ['white-space']],
  ['turns CRLF into LF', ['lf'], '"one\\r\\ntwo"\n', ['line-ends']],
  ['composes', ['nfc'], '"Cafe\\u0301"\n', ['composition']],
  [
    'does all of it',
    ['trim', 'lf', 'nfc'],
    '" Cafe\\u0301\\r\\nau lait\\r\\n"\n',
    ['white-space', 'line-ends', 'composition'],
  ],
];

describe('a vendor that rewrites texts so that they read the same', () => {
  it.each(WAYS)(
    'and %s is said to, and both forms count as equal',
    async (_, rewritesText, text, differsIn) => {
      const anam = await emulate('anam', { options: { rewritesText } });
      const more = `  description: ${text}  metadata: { note: ${text.startsWith('|') ? '" spaced "' : text.trim()} }\n`;
      const project = await anamProject(anam.url, {
        'llms/support.yaml': anamLlm('support', 'gpt-4o', more),
      });
      const { code, out } = await project.run('apply', '--auto-approve', '--format', 'json');
      expect(reportIn(out).outcomes).toEqual([
        expect.objectContaining({
          status: 'applied',
          rewritten: [
            { path: '/description', differsIn },
            { path: '/metadata/note', differsIn },
          ],
        }),
      ]);
      expect(reportIn(out).outcomes?.[0]).not.toHaveProperty('notPersisted');
      expect(code).toBe(0);

      anam.requests.length = 0;
      const again = await project.run('plan', '--detailed-exitcode', '--format', 'json');
      expect(again).toMatchObject({ code: 0, err: '' });
      expect(planIn(again.out)).toMatchObject({ changes: [], diagnostics: [] });
      expect(await project.run('apply', '--auto-approve')).toMatchObject({ code: 0, err: '' });
      expect(await project.run('plan', '--detailed-exitcode')).toMatchObject({ code: 0, err: '' });
      expect(writesTo(anam)).toEqual([]);
    },
  );

  it('is told so in words, beside what it did not keep at all', async () => {
    const anam = await emulate('anam', { options: { rewritesText: ['trim'], unlisted: 'drop' } });
    const more = '  description: "kind "\n  temperature: 0.5\n';
    const project = await anamProject(anam.url, { 'llms/support.yaml': anamLlm('support', 'gpt-4o', more) });
    const { code, out } = await project.run('apply', '--auto-approve');
    expect(code).toBe(3);
    expect(out).toContain('accepted, but not kept by the vendor: /temperature\n');
    expect(out).toContain('kept in a form that reads the same: /description (white space at an end)\n');
    const { err } = await project.run('plan');
    expect(err).toContain('anam did not keep /temperature of anam/LLM/support');
    expect(err).not.toContain('/description');
  });

  it('shows a difference again once either side moves', async () => {
    const anam = await emulate('anam', { options: { rewritesText: ['trim'] } });
    const file = (text: string) => ({
      'llms/support.yaml': anamLlm('support', 'gpt-4o', `  description: ${JSON.stringify(text)}\n`),
    });
    const project = await anamProject(anam.url, file('kind '));
    await project.run('apply', '--auto-approve');
    const plan = async () => planIn((await project.run('plan', '--format', 'json')).out).changes?.[0]?.fields;
    const [live] = anam.objects('LLM');
    anam.put('LLM', { id: String(live?.id), description: 'rude' });
    expect(await plan()).toMatchObject([
      { path: '/description', before: 'rude', after: 'kind ', cause: 'drift' },
    ]);
    anam.put('LLM', { id: String(live?.id), description: 'kind' });
    expect(await plan()).toBeUndefined();
    await project.write(file('kind\n\n'));
    expect(await plan()).toEqual([
      {
        path: '/description',
        before: 'kind',
        after: 'kind\n\n',
        differsIn: ['white-space'],
        cause: 'manifest',
      },
    ]);
    expect((await project.run('apply', '--auto-approve')).code).toBe(0);
    expect(await plan()).toBeUndefined();
  });
});

describe('characters that cannot be seen', () => {
  it.each([
    ['Cafe\u0301', '"Cafe\\u0301" → "Café"', 'differs only in Unicode composition'],
    ['Café\u00a0', '"Café\\u00a0" → "Café"', 'differs only in white space at an end'],
    ['Café\ufe01', '"Café\\ufe01" → "Café"', undefined],
    ['Café\u034f', '"Café\\u034f" → "Café"', undefined],
    ['Café\u202e', '"Café\\u202e" → "Café"', undefined],
  ])('show in a plan: %j', async (displayName, shown, tag) => {
    const anam = await emulate('anam');
    const file = anamLlm('support').replace('displayName: support', 'displayName: Café');
    const project = await anamProject(anam.url, { 'llms/support.yaml': file });
    await project.run('apply', '--auto-approve');
    const [live] = anam.objects('LLM');
    anam.put('LLM', { id: String(live?.id), displayName });
    const text = (await project.run('plan')).out;
    expect(text).toContain(`${shown}  [drift]${tag === undefined ? '\n' : `  [${tag}]`}`);
    const markdown = (await project.run('plan', '--format', 'markdown')).out;
    expect(markdown).toContain(`- ${shown.split(' → ')[0]}\n+ "Café"\n`);
    if (tag !== undefined) expect(markdown).toContain(`@@ /displayName @@ drift (${tag})`);
  });

  it.each([
    ['\u00a0\u00a0modelName: gpt-4o', 'a no-break space (U+00A0)', '\\u00a0\\u00a0modelName: gpt-4o'],
    [' \u202f modelName: gpt-4o', 'a no-break space (U+202F)', ' \\u202f modelName: gpt-4o'],
    ['  modelName\u3000: gpt-4o', 'a space of another kind (U+3000)', '  modelName\u3000: gpt-4o'],
  ])('are named where they are in the place of a space: %j', async (line, name, excerpt) => {
    const anam = await emulate('anam');
    const file = anamLlm('support').replace('  modelName: gpt-4o', line);
    const project = await anamProject(anam.url, { 'llms/support.yaml': file });
    const { code, out, err } = await project.run('validate');
    expect(code).toBe(1);
    expect(out + err).toContain(`${name} is in the place of a space`);
    expect(out + err).toContain(` | ${excerpt}\n`);
  });
});
