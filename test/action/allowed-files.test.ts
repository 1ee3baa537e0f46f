import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anamLlm, folder } from '../support/project.js';
import { scene } from '../support/pull-request.js';

const SECRET = 'sk-9Yt2mPq7Lz4Rw8Xv3Kd6';

describe('the input allowed-files', () => {
  it('lets the project name a file outside of it, which the runner is told to hide', async () => {
    const mounted = await folder({ 'openai-api.key': `${SECRET}\n` });
    const reference = `{ fromFile: ${mounted}/openai-api.key }`;
    const { plan, run, project } = await scene({
      'llms/support.yaml': anamLlm('support').replace('{ fromEnv: OPENAI }', reference),
      '.secrets/own.key': 'sk-5Gh8Jk2Nb7Vc4Xs9Qa1W',
      'llms/sales.yaml': anamLlm('sales').replace('{ fromEnv: OPENAI }', '{ fromFile: .secrets/own.key }'),
    });
    const refused = await plan();
    expect(refused.code).toBe(1);
    expect(refused.log).toContain('is outside the project');
    for (const path of [mounted, `../${mounted.slice(dirname(project.path).length + 1)}/openai-api.key`]) {
      const ran = await plan({ 'allowed-files': path });
      expect(ran).toMatchObject({ code: 0, outputs: { summary: 'Plan: 2 to create.' } });
      expect(ran.masked).toContain(SECRET);
      expect(ran.masked).not.toContain('sk-5Gh8Jk2Nb7Vc4Xs9Qa1W');
      expect(await run({ command: 'validate', 'allowed-files': path })).toMatchObject({ code: 0 });
    }
  });
});
