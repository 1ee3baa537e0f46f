import { expect, it } from 'vitest';
import { anamLlms, anamProject, emulate, writesTo } from '../support/project.js';
import { watching } from '../support/watching.js';

it('leaves within 30 s, also when a vendor never answers; the next start makes no second object', async () => {
  const anam = await emulate('anam');
  const project = await anamProject(anam.url, anamLlms('a', 'b'), '    timeout: 2m\n');
  anam.faults.push({ match: { method: 'POST' }, times: 2, effect: { type: 'hang', applied: true } });
  const daemon = watching(project, '--mode', 'heal');
  await daemon.until(() => writesTo(anam).length === 2);
  const late = new Promise((resolve) => setTimeout(resolve, 30_000, 'late').unref());
  expect(await Promise.race([daemon.end(), late])).toBe(0);
  expect(daemon.runs()[0]).toMatchObject({ err: { code: 'interrupted' } });
  expect((await project.run('watch', '--once', '--mode', 'heal')).code).toBe(0);
  expect(anam.objects('LLM')).toHaveLength(2);
});
