import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { planMarkdown } from '../../src/report/index.js';
import { change, planOf, target } from './samples.js';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const id = '641daf36-39e0-4510-b701-111cb6908d3b';

const plan = planOf(
  [
    change('anam-prod/LLM/support', 'update', {
      id,
      source: { file: 'llms/support.yaml', line: 2 },
      fields: [
        {
          path: '/description',
          before: 'Answers billing and sales questions on the help page, in English.',
          after: "Answers billing questions on the help page, in the customer's language.",
          cause: 'drift',
        },
        { path: '/modelName', before: 'gpt-4o', after: 'gpt-5', cause: 'manifest' },
      ],
      requests: [
        {
          method: 'PUT',
          path: `/v1/llms/${id}`,
          body: {
            description: "Answers billing questions on the help page, in the customer's language.",
            modelName: 'gpt-5',
          },
        },
      ],
    }),
  ],
  {
    requests: { read: 1, write: 1 },
    fingerprint: 'sha256:98b14ca35e1b63717566128abce1b708fc529ab40930e841de22e33185a57a23',
  },
);

describe('the sample of a comment in the README', () => {
  it('is what a plan looks like', () => {
    const section = readme.slice(readme.indexOf('## In pull requests'));
    const quoted = section.slice(0, section.indexOf('\n## ')).match(/^>.*$/gm) ?? [];
    const lines = quoted.map((line) => line.replace(/^> ?/, ''));
    const targets = [target('anam-prod', 'anam', 'https://api.anam.ai')];
    expect(lines.join('\n')).toBe(planMarkdown(plan, targets).trimEnd());
  });
});
