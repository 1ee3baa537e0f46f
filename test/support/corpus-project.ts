import type { Project } from '../../src/model/project.js';
import { target } from './loopback.js';

/** A project with one target of each vendor. */
export const project: Project = {
  name: 'test',
  file: 'llmform.yaml',
  folder: '/project',
  manifests: ['*.yaml'],
  ledger: { type: 'file', path: '.llmform/ledger.json' },
  targets: [
    target('https://vendor.example.com', { name: 'anam', vendor: 'anam' }),
    target('https://vendor.example.com', { name: 'avatar', vendor: 'liveavatar' }),
    target('https://vendor.example.com', { name: 'memory', vendor: 'goodmem' }),
    target('https://vendor.example.com', { name: 'flash', vendor: 'flashback' }),
  ],
  guards: { maxDelete: 0, maxDeletePercent: 30, maxUpdatePercent: 100, maxMissingPercent: 30 },
};
