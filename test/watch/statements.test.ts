import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { anamLlm, anamLlms, anamProject, emulate, projectFile, writesTo } from '../support/project.js';
import { statements } from '../support/statements.js';

it('watch carries out statements like apply, and touches nothing in the mode observe', async () => {
  const anam = await emulate('anam');
  const project = await anamProject(anam.url, anamLlms('a', 'b', 'old'));
  expect((await project.run('apply', '--auto-approve')).code).toBe(0);
  const ids = anam.objects('LLM').map(({ id }) => id);
  const before = await project.read('.llmform/ledger.json');
  for (const name of ['a', 'old']) await rm(join(project.path, `llms/${name}.yaml`));
  await project.write({
    'llmform.yaml': projectFile(anam.url).replace('  anam:', '  anam-eu:'),
    'llms/c.yaml': anamLlm('c').replace('displayName: c', 'displayName: a'),
    'llms/ledger.yaml': statements(`moved:
  - { from: anam, to: anam-eu }
  - { from: anam-eu/LLM/a, to: anam-eu/LLM/c }
forget: [anam-eu/LLM/old]`),
  });
  anam.requests.length = 0;
  const observed = await project.run('watch', '--once', '--mode', 'observe');
  expect(observed.code).not.toBe(1);
  expect(writesTo(anam)).toEqual([]);
  expect(await project.read('.llmform/ledger.json')).toBe(before);

  const healed = await project.run('watch', '--once', '--mode', 'heal');
  expect(healed.code).toBe(0);
  expect(anam.objects('LLM').map(({ id }) => id)).toEqual(ids);
  const ledger = JSON.parse(await project.read('.llmform/ledger.json'));
  expect(Object.keys(ledger.objects)).toEqual(['anam-eu/LLM/b', 'anam-eu/LLM/c']);
  expect((await project.run('plan', '--detailed-exitcode')).code).toBe(0);
});
