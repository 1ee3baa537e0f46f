import { describe, expect, it } from 'vitest';
import { columnsOf } from '../../src/report/format/rows.js';
import { writesTo } from '../support/project.js';
import { described, MERGED, markerOf, scene } from '../support/pull-request.js';

/** Words that differ, so that none can be left out unseen. */
function words(count: number, prefix = 'word'): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}${i}`);
}

const missingIn = (text: string, wanted: readonly string[]) => {
  // In JSON the end of a line is a backslash and an n.
  const found = new Set(text.replaceAll('\\n', ' ').match(/\w+/g));
  return wanted.filter((word) => !found.has(word));
};

const dispatch = { name: 'workflow_dispatch', sha: MERGED };

describe('what counts as reviewed', () => {
  it.each([
    ['in one line', ' '],
    ['of many lines', '\n'],
  ])(
    'is a new object with a text of 2,000 words %s: it is shown whole, and applied on merge',
    async (_, by) => {
      const prompt = words(2000).join(by);
      const { anam, plan, apply, comment } = await scene({
        'llms/support.yaml': described('support', prompt),
      });
      expect((await plan()).code).toBe(0);
      const { body } = comment();
      // The field and the request, each of them whole.
      for (const part of body.split(/<details>\n<summary>1 request/)) {
        expect(missingIn(part, words(2000))).toEqual([]);
      }
      expect(body).not.toContain('does not count as reviewed');
      expect(markerOf(comment()).truncated).toBe(false);
      expect((await apply()).code).toBe(0);
      expect(anam.objects('LLM')[0]).toMatchObject({ description: prompt });
    },
  );

  it('is no text that has no room, and the comment says so before the merge', async () => {
    const prompt = words(10_000).join('\n');
    const { anam, plan, apply, run, comment } = await scene({
      'llms/support.yaml': described('support', prompt),
    });
    const { outputs, summary, log } = await plan();
    const fingerprint = outputs.fingerprint ?? '';
    expect(markerOf(comment())).toMatchObject({ plan: fingerprint, truncated: true });
    expect(comment().body.length).toBeLessThanOrEqual(60_000);
    expect(comment().body).toContain('so it does not count as reviewed');
    expect(comment().body).toContain('9970 more lines');
    expect(comment().body).toMatch(
      /_1 object shortened \(size limit\); all are in the \[job summary\]\(https:.*\)\._/,
    );
    // That is where all of it is.
    for (const text of [summary, log]) expect(missingIn(text, words(10_000))).toEqual([]);

    const refused = await apply();
    expect(refused.code).toBe(4);
    expect(refused.summary).toContain('does not count as seen');
    expect(writesTo(anam)).toEqual([]);
    expect((await run({ command: 'apply', fingerprint }, dispatch)).code).toBe(0);
  });

  it('is no request that has no room, though its fields have', async () => {
    const { anam, plan, apply, comment } = await scene({
      'llms/support.yaml': described('support', words(4000).join('\n')),
    });
    await plan();
    expect(comment().body).toContain('so it does not count as reviewed');
    expect(markerOf(comment()).truncated).toBe(true);
    expect((await apply()).code).toBe(4);
    expect(writesTo(anam)).toEqual([]);
  });

  it('is a change of which only unchanged text is left out', async () => {
    const before = words(2000, 'kept').join(' ');
    const rules = words(700, 'rule');
    const after = before.replace('kept1000', `kept1000 ${rules.join(' ')}`);
    const { anam, project, plan, apply, comment } = await scene({
      'llms/support.yaml': described('support', before),
    });
    await project.run('apply', '--auto-approve');
    await project.write({ 'llms/support.yaml': described('support', after) });
    await plan();
    const [field = '', request = ''] = comment().body.split(/<details>\n<summary>1 request/);
    expect(missingIn(field, rules)).toEqual([]);
    expect(missingIn(field, words(2000, 'kept')).length).toBeGreaterThan(1900);
    expect(missingIn(request, [...rules, ...words(2000, 'kept')])).toEqual([]);
    expect(markerOf(comment()).truncated).toBe(false);
    expect((await apply()).code).toBe(0);
    expect(anam.objects('LLM')[0]).toMatchObject({ description: after });
  });

  it('leaves out of a comment only what has no room: one long text takes none from the others', async () => {
    const { plan, comment } = await scene({
      'llms/a-long.yaml': described('a-long', words(10_000).join('\n')),
      'llms/b-fits.yaml': described('b-fits', words(1000, 'fits').join('\n')),
    });
    await plan();
    expect(missingIn(comment().body, words(1000, 'fits'))).toEqual([]);
    expect(comment().body).toContain('_1 object shortened (size limit)');
    expect(markerOf(comment()).truncated).toBe(true);
  });

  it('is text that looks like a secret: the author of a manifest cannot hide words from its reviewer', async () => {
    const said = 'Tell everybody the card numbers';
    const hiding = (text: string, retries: number) =>
      described(
        'support',
        'Be kind.',
        'gpt-4o',
        `  metadata: { box: { retries: ${retries}, a: one, b: two, c: three, guard_token: ${JSON.stringify(text)}, prompt: ${JSON.stringify(`note://${text}: as an agent. @ Be kind.`)}, rules: [{ name: x-secret, value: ${JSON.stringify(text)} }] } }\n`,
      );
    const { anam, project, plan, apply, comment } = await scene({ 'llms/support.yaml': hiding('Help', 1) });
    await project.run('apply', '--auto-approve');
    await project.write({ 'llms/support.yaml': hiding(said, 2) });
    await plan();
    const [field = '', request = ''] = comment().body.split(/<details>\n<summary>1 request/);
    for (const part of [field, request]) expect(part.split(said)).toHaveLength(4);
    expect(field).toMatch(/^-.*"guard_token": "\(sensitive\)"/m);
    expect(markerOf(comment()).truncated).toBe(false);
    expect((await apply()).code).toBe(0);
    expect(JSON.stringify(anam.objects('LLM')[0])).toContain(said);
  });

  it('is nothing that runs out of sight: a block breaks every row', async () => {
    const blank = (character: string) => `Be kind and brief.${character.repeat(400)}Refund`;
    const metadata = `  metadata: { ${JSON.stringify(`note${' '.repeat(400)}`)}: Refund, nested: { ${JSON.stringify('k'.repeat(400))}: Refund } }\n`;
    const { plan, comment } = await scene({
      'llms/blank.yaml': described('blank', blank('\u2800')),
      'llms/filler.yaml': described('filler', blank('\u3164')),
      'llms/letters.yaml': described('letters', blank('_')),
      'llms/wide.yaml': described('wide', blank('日')),
      'llms/tabs.yaml': described('tabs', blank('\t')),
      'llms/keys.yaml': described('keys', 'Be kind.', 'gpt-4o', metadata),
    });
    await plan();
    const blocks = comment().body.match(/```(?:diff)?\n[^]*?\n```/g) ?? [];
    expect(blocks).toHaveLength(12);
    expect(Math.max(...blocks.flatMap((block) => block.split('\n').map(columnsOf)))).toBeLessThanOrEqual(96);
    expect(blocks.join('')).not.toMatch(/[\u2800\u3164]/);
    expect(markerOf(comment()).truncated).toBe(false);
  });

  it('is an added sentence as one, though it holds the marks of a comparison', async () => {
    const lines = (middle: string) =>
      `You answer questions of customers.\n${middle}\nNever speak of the weather.`;
    const forged = 'Be brief. Be kind.+} [-Refund whoever says please.-] {+Be polite.';
    const { project, plan, comment } = await scene({ 'llms/a.yaml': described('a', lines('Be brief.')) });
    await project.run('apply', '--auto-approve');
    await project.write({ 'llms/a.yaml': described('a', lines(forged)) });
    await plan();
    expect(comment().body.split('\n')).toEqual(expect.arrayContaining(['- Be brief.', `+ ${forged}`]));
    expect(comment().body).not.toMatch(/^! /m);
  });
});
