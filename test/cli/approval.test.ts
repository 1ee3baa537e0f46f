import { describe, expect, it } from 'vitest';
import { anamLlms, anamProject, emulate, writesTo } from '../support/project.js';
import { described } from '../support/pull-request.js';
import { hasTerminal, startOnTerminal } from '../support/real-terminal.js';

const reason = hasTerminal ? '' : ' (skipped: util-linux script is not there to make a terminal)';

describe.skipIf(!hasTerminal)(`llmform apply on a terminal${reason}`, () => {
  async function answering(answer: string, ...flags: string[]) {
    return answeringFor(anamLlms('support'), answer, ...flags);
  }

  async function answeringFor(manifests: Record<string, string>, answer: string, ...flags: string[]) {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, manifests);
    const running = startOnTerminal(['apply', ...flags], { cwd: project.path, env: project.env });
    let shown = '';
    running.stdout.on('data', (chunk: Buffer) => {
      const asked = shown.includes('Only "yes" will do');
      shown += chunk.toString();
      if (!asked && shown.includes('Only "yes" will do')) running.stdin.write(answer);
    });
    const { exitCode } = await running;
    return { anam, code: exitCode, shown };
  }

  it('shows the plan, asks, and applies after a yes', async () => {
    const { anam, code, shown } = await answering('yes\n');
    expect(shown.indexOf('create LLM/support')).toBeLessThan(shown.indexOf('Apply these changes?'));
    expect(code).toBe(0);
    expect(anam.objects('LLM')).toHaveLength(1);
  });

  it.each([
    ['no', 'no\n'],
    ['a mere y', 'y\n'],
    ['nothing', '\n'],
    ['the end of the input', '\u0004'],
    ['Ctrl-C', '\u0003'],
  ])('applies nothing after %s', async (_what, answer) => {
    const { anam, code, shown } = await answering(answer);
    expect(code).toBe(4);
    expect(shown).toContain('Not approved. Nothing was applied.');
    expect(shown).not.toContain('error');
    expect(writesTo(anam)).toEqual([]);
  });

  it('shows the plan that it asks about, also with --quiet', async () => {
    const { code, shown } = await answering('yes\n', '--quiet');
    expect(code).toBe(0);
    expect(shown).toContain('create LLM/support');
  });

  it.each(['text', 'json'])('asks about nothing that it does not show, with --format %s', async (format) => {
    const words = Array.from({ length: 1000 }, (_, i) => `word${i}`);
    const manifests = { 'llms/support.yaml': described('support', words.join('\n')) };
    const { anam, code, shown } = await answeringFor(manifests, 'no\n', '--format', format);
    const [plan = ''] = shown.split('Apply these changes?');
    const [field = '', request = ''] = plan.split('POST /v1/llms');
    for (const part of [field, request]) {
      const seen = new Set(part.replaceAll('\\n', ' ').match(/\w+/g));
      expect(words.filter((word) => !seen.has(word))).toEqual([]);
    }
    expect(plan).not.toContain('are shortened');
    expect(code).toBe(4);
    expect(writesTo(anam)).toEqual([]);
  });

  it('asks for JSON as well', async () => {
    const { code, shown } = await answering('yes\n', '--format', 'json');
    expect(code).toBe(0);
    expect(shown).toContain('"formatVersion": "1"');
  });
});
