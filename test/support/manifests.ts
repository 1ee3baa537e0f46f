import { readManifests } from '../../src/manifest/read-manifests.js';
import type { Schemas } from '../../src/manifest/schema/schemas.js';
import type { Diagnostic } from '../../src/model/diagnostic.js';
import type { Project } from '../../src/model/project.js';
import type { Kind, Vendor } from '../../src/model/vendor.js';
import { vendors as builtIn } from '../../src/vendors/index.generated.js';
import { target } from './loopback.js';

/** What stands for a secret in these tests, and must never be shown. */
export const SECRET = 'hunter2';

/** The built-in vendors without their audits, whose findings are tested with the vendors. */
export const vendors: readonly Vendor[] = builtIn.map((vendor) => ({
  ...vendor,
  kinds: vendor.kinds.map(({ audit: _, ...kind }) => kind),
}));

export const project: Project = {
  name: 'test',
  file: 'llmform.yaml',
  folder: '/project',
  manifests: ['**/*.yaml'],
  ledger: { type: 'file', path: '.llmform/ledger.json' },
  targets: [
    target('https://vendor.test', { name: 'anam-prod', vendor: 'anam' }),
    target('https://vendor.test', { name: 'avatar', vendor: 'liveavatar' }),
    target('https://vendor.test', { name: 'memory-a', vendor: 'goodmem' }),
    target('https://vendor.test', { name: 'memory-b', vendor: 'goodmem' }),
    target('https://vendor.test', { name: 'fake', vendor: 'fake' }),
  ],
  guards: { maxDelete: 0, maxDeletePercent: 30, maxUpdatePercent: 100, maxMissingPercent: 30 },
};

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Reads manifests given as `file -> text`. */
export function read(files: Record<string, string>) {
  const given = Object.entries(files).map(([file, text]) => ({ file, bytes: bytes(text) }));
  return readManifests(given, project, vendors);
}

/** The findings of one file, `a.yaml`. */
export function findings(text: string): Diagnostic[] {
  return read({ 'a.yaml': text }).diagnostics;
}

/** A right Anam manifest whose spec may be added to, or replaced. */
export function anam(extra = '', spec = ANAM_SPEC): string {
  return `apiVersion: llmform/v1\nkind: LLM\nvendor: anam\nmetadata:\n  name: support\nspec:\n${spec}${extra}`;
}

export const ANAM_SPEC = `  displayName: Support
  llmFormat: openai
  modelName: gpt-4o
  urls: [{ url: https://api.openai.com/v1 }]
  secret: { fromEnv: OPENAI_API_KEY }
`;

/** A vendor whose nodes may refer to each other in any way. */
export const nodes: Vendor = {
  id: 'fake',
  title: 'Fake',
  baseUrl: 'https://fake.test',
  auth: { header: 'authorization', prefix: '' },
  credential: 'nowhere',
  kinds: [kind('Node', 'Node'), kind('Leaf', 'Node')],
  errorMessage: () => undefined,
};

export const nodeSchemas: Schemas = {
  validators: { 'fake/Node': () => true, 'fake/Leaf': () => true },
  fieldsOf: { 'fake/Node': ['next'], 'fake/Leaf': ['next'] },
};

function kind(name: string, refersTo: string): Kind {
  return {
    name,
    rules: {
      fields: { next: { refersTo }, other: { refersTo } },
      writes: 'merge-patch',
      naturalName: [],
      replace: 'create-first',
    },
    list: async () => [],
    toWire: (spec) => spec,
    fromWire: (body) => ({ id: '', spec: body }),
    create: (body) => ({ method: 'POST', path: '/', body }),
    createdId: () => '',
  };
}
