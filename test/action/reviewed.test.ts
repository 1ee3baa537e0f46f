import { describe, expect, it } from 'vitest';
import { writesTo } from '../support/project.js';
import { described, MERGED, markerOf, scene } from './pull-request.js';

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
});
