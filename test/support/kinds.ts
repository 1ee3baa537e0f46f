import type { JsonObject } from '../../src/model/json.js';
import { canonicalJson } from '../../src/model/json.js';
import type { Manifest } from '../../src/model/manifest.js';
import type { Project, Target } from '../../src/model/project.js';
import type { Kind, KindRules, Live } from '../../src/model/vendor.js';

/** Rules of a kind with one field of every sort. */
export const rules: KindRules = {
  fields: {
    url: { form: 'url' },
    tags: { form: 'set' },
    options: { form: 'options' },
    endpoints: { form: 'endpoints' },
    owner: { immutable: true },
    format: { onUpdate: (value) => (value === 'odd' ? undefined : { kind: value }) },
    key: { writeOnly: true, secrets: [''] },
    vault: { writeOnly: true },
    parent: { refersTo: 'Thing' },
    labels: { map: { replace: 'allLabels', merge: 'moreLabels' } },
    notes: { map: { replace: 'notes' } },
  },
  writes: 'merge-patch',
  naturalName: ['name'],
  mark: { field: 'labels', key: 'mark' },
  replace: 'delete-first',
};

/** A kind that exists in tests only. */
export function kindOf(own: Partial<KindRules> = {}, more: Partial<Kind> = {}): Kind {
  return {
    name: 'Thing',
    rules: { ...rules, ...own },
    list: async () => [],
    toWire: (spec) => ({ ...spec }),
    fromWire: ({ id, ...spec }) => ({ id: String(id), spec }),
    create: (body) => ({ method: 'POST', path: '/things', body }),
    createdId: () => 'created',
    update: (id, body) => ({ method: 'PATCH', path: `/things/${id}`, body }),
    remove: (id) => ({ method: 'DELETE', path: `/things/${id}` }),
    ...more,
  };
}

/** A kind of which nothing is marked, as most are. */
export function plainKind(own: Partial<KindRules> = {}, more: Partial<Kind> = {}): Kind {
  const { mark: _, ...unmarked } = rules;
  const kind = kindOf({}, more);
  return { ...kind, rules: { ...unmarked, ...own } };
}

export function liveOf(id: string, spec: JsonObject, more: Partial<Live> = {}): Live {
  return { id, spec, ...more };
}

export function manifestOf(name: string, spec: JsonObject, more: Partial<Manifest> = {}): Manifest {
  return {
    address: `here/Thing/${name}`,
    target: 'here',
    vendor: 'test',
    kind: 'Thing',
    name,
    preventDestroy: false,
    ignoreChanges: [],
    allowUnknown: [],
    spec,
    source: { file: `${name}.yaml`, line: 1 },
    ...more,
  };
}

export const target: Target = {
  name: 'here',
  vendor: 'test',
  baseUrl: 'https://vendor.example.com',
  auth: { fromEnv: 'KEY' },
  concurrency: 2,
  requestsPerSecond: 100,
  timeoutMs: 1000,
};

export function projectOf(more: Partial<Project> = {}): Project {
  return {
    name: 'tests',
    file: 'llmform.yaml',
    folder: '/nowhere',
    manifests: [],
    ledger: { type: 'file', path: 'ledger.json' },
    targets: [target],
    guards: { maxDelete: 0, maxDeletePercent: 30, maxUpdatePercent: 100, maxMissingPercent: 30 },
    ...more,
  };
}

/** A digest that can be read in a test. */
export function digest(value: Parameters<typeof canonicalJson>[0]): string {
  return `d:${canonicalJson(value)}`;
}
