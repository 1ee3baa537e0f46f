import { describe, expect, it } from 'vitest';
import { anamLlm, anamProject, projectFile } from '../support/project.js';

const ENDPOINT = 'https://api.openai.com/v1/chat/completions';
const LOOK_ALIKE = ENDPOINT.replace('api', '\u0430pi');
const WARNING = 'is xn--pi-6kc.openai.com, not the one that it may look like';

describe('a host that is not written as it is looked up', () => {
  it.each([LOOK_ALIKE, LOOK_ALIKE.replace('\u0430', '%D0%B0')])(
    'is a warning in a manifest that names what is looked up: %s',
    async (url) => {
      const project = await anamProject('http://127.0.0.1:1', {
        'llms/a.yaml': anamLlm('a').replace(ENDPOINT, url),
      });
      const { code, out } = await project.run('validate');
      expect(code).toBe(0);
      expect(out.replace(/\s+/g, ' ')).toContain(`the host in spec.urls[0].url ${WARNING}`);
    },
  );

  it('is a warning in the project file', async () => {
    const project = await anamProject('http://127.0.0.1:1', {
      'llmform.yaml': projectFile('https://\u0430pi.openai.com'),
      'llms/a.yaml': anamLlm('a'),
    });
    const { out } = await project.run('validate');
    expect(out.replace(/\s+/g, ' ')).toContain(`the host in targets.anam.baseUrl ${WARNING}`);
  });

  it.each([ENDPOINT, 'https://xn--pi-6kc.openai.com/v1', 'https://h/\u0430?q=\u0430', 'file:///'])(
    'is not what is written in plain letters: %s',
    async (url) => {
      const project = await anamProject('http://127.0.0.1:1', {
        'llms/a.yaml': anamLlm('a').replace(ENDPOINT, url),
      });
      expect((await project.run('validate')).out).not.toContain('may look like');
    },
  );
});
