import type { Project } from '../../src/model/project.js';

/** A project with one target of each vendor. */
export const project: Project = {
  name: 'test',
  file: 'llmform.yaml',
  folder: '/project',
  manifests: ['*.yaml'],
  ledger: { type: 'file', path: '.llmform/ledger.json' },
  targets: [
    target('anam', 'anam'),
    target('avatar', 'liveavatar'),
    target('memory', 'goodmem'),
    target('flash', 'flashback'),
  ],
  guards: { maxDelete: 0, maxDeletePercent: 30, maxUpdatePercent: 100, maxMissingPercent: 30 },
};

function target(name: string, vendor: string): Project['targets'][number] {
  return {
    name,
    vendor,
    baseUrl: 'https://vendor.example.com',
    auth: { fromEnv: 'KEY' },
    concurrency: 4,
    requestsPerSecond: 20,
    timeoutMs: 30_000,
  };
}
