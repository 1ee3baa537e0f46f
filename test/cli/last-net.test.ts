import { expect, it } from 'vitest';
import { emulate, openProject } from '../support/project.js';

// What a vendor answers is not ours to describe in a schema: it may hold the secret in any field.
it('hides a secret that a vendor echoes in a field that is no secret', async () => {
  const anam = await emulate('anam');
  const secret = 'sk-a secret/with+odd=characters';
  const project = await openProject(
    {
      'llmform.yaml': `apiVersion: llmform/v1
kind: Project
name: shop
targets:
  anam: { vendor: anam, baseUrl: "${anam.url}", auth: { fromEnv: ANAM_API_KEY } }
`,
      'manifests/a.yaml': `apiVersion: llmform/v1
kind: LLM
vendor: anam
metadata: { name: a }
spec:
  displayName: A
  description: wanted
  llmFormat: openai
  modelName: gpt-5
  urls: [{ url: "https://api.openai.com/v1/chat/completions" }]
  secret: { fromEnv: OPENAI_API_KEY }
`,
    },
    { ANAM_API_KEY: anam.credential, OPENAI_API_KEY: secret },
  );
  await project.run('apply', '-y');
  const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')];
  anam.put('LLM', { id: String(anam.objects('LLM')[0]?.id), description: forms.join(' ') });
  for (const format of ['text', 'json', 'markdown']) {
    const { out, err } = await project.run('plan', '--format', format, '-o', 'plan.json');
    const all = `${out}${err}${await project.read('plan.json')}`;
    expect(out).toContain('(sensitive)');
    for (const form of forms) expect(all).not.toContain(form);
  }
});
