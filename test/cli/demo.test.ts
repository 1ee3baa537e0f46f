import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { folder } from '../support/project.js';
import { llmform } from '../support/run-cli.js';

describe('llmform demo', () => {
  it('tells the whole story in under ten seconds and leaves nothing behind', async () => {
    const TMPDIR = await folder();
    const { code, out, err } = await llmform(['demo'], { env: { TMPDIR }, cwd: TMPDIR });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const [i, word] of ['validate', 'plan', 'apply', 'empty', 'outside llmform', 'heals'].entries()) {
      expect(out).toMatch(new RegExp(`^${i + 1}\\. .*`, 'm'));
      expect(out.toLowerCase()).toContain(word);
    }
    expect(out).not.toContain('sk-not-a-real-key');
    expect(await readdir(TMPDIR)).toEqual([]);
  }, 10_000);

  it('keeps its project where asked to, and says where', async () => {
    const TMPDIR = await folder();
    const { code, out } = await llmform(['demo', '--keep'], { env: { TMPDIR }, cwd: TMPDIR });
    expect(code).toBe(0);
    const [name = ''] = await readdir(TMPDIR);
    expect(out).toContain(`The project is in ${TMPDIR}/${name}`);
  });
});
