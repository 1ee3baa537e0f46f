import { createHash } from 'node:crypto';
import { apply } from '../../src/apply/apply.js';
import { formatAddress } from '../../src/model/address.js';
import { canonicalJson, type JsonObject } from '../../src/model/json.js';
import type { Ledger } from '../../src/model/ledger.js';
import type { Manifest } from '../../src/model/manifest.js';
import type { ApplyReport } from '../../src/model/outcome.js';
import type { Plan, PlanOptions } from '../../src/model/plan.js';
import type { Client, EnginePorts } from '../../src/model/ports.js';
import type { Project, Target } from '../../src/model/project.js';
import type { WriteRequest } from '../../src/model/vendor.js';
import { parseResponse } from '../../src/platform/http/parse-response.js';
import { createMask } from '../../src/platform/secrets/mask.js';
import { createSeals } from '../../src/platform/secrets/seal.js';
import { prepare } from '../../src/prepare/prepare.js';
import { fakeClock } from '../support/fake-clock.js';
import { ledgerOf } from '../support/ledger.js';
import { openModel, type VendorModel } from '../support/vendor-model.js';
import type { Subject } from './subjects.js';

const TARGET = 'here';

/** One project with one target, whose vendor is a model in memory. */
export interface Cycle {
  model: VendorModel;
  ledger: Ledger;
  plan(specs: readonly JsonObject[]): Promise<Plan>;
  apply(specs: readonly JsonObject[]): Promise<{ plan: Plan; report: ApplyReport }>;
}

/**
 * @param secrets value by environment variable
 * @param refuses whether the vendor refuses a write; it then says what it was sent, in every encoding
 */
export function openCycle(
  subject: Subject,
  secrets: Readonly<Record<string, string>>,
  refuses: () => boolean,
): Cycle {
  const { vendor, kind, path } = subject;
  const model = openModel(vendor.id);
  model.collection(path);
  const { add, clean } = createMask();
  const clock = fakeClock();
  const ports: EnginePorts = {
    vendors: [vendor],
    secrets: {
      async resolve(reference) {
        const value = 'fromEnv' in reference ? (secrets[reference.fromEnv] ?? 'the-credential') : '';
        add(value);
        return value;
      },
      mask: (text) => text,
      clean: (text) => text,
    },
    seals: createSeals,
    clock,
    // Of the real ones, the one for secrets is slow on purpose.
    digests: (salt) => ({
      plain: (value) => hash(salt + canonicalJson(value)),
      secret: async (value) => hash(salt + value),
    }),
  };
  const ledger: Ledger = ledgerOf({ project: 'mine', salt: 'c2FsdA==' });

  function connect(): Client {
    const counts = { read: 0, write: 0 };
    return {
      counts,
      async close() {},
      async read(request) {
        counts.read += 1;
        return model.read(request);
      },
      async write(request) {
        counts.write += 1;
        if (refuses())
          return parseResponse(echo(request), vendor, `${request.method} ${request.path}`, clean);
        return model.write(request);
      },
    };
  }

  const manifests = (specs: readonly JsonObject[]) =>
    specs.map((spec, i): Manifest => {
      const name = `object-${i}`;
      const address = formatAddress(TARGET, kind.name, name);
      const source = { file: 'all.yaml', line: i + 1 };
      return {
        address,
        target: TARGET,
        vendor: vendor.id,
        kind: kind.name,
        name,
        preventDestroy: false,
        ignoreChanges: [],
        allowUnknown: [],
        spec,
        source,
      };
    });
  const prospectOf = (specs: readonly JsonObject[]) =>
    prepare(
      { project, targets: [target(vendor.id)], manifests: manifests(specs), ledger },
      ports,
      OPTIONS,
      connect,
    );

  return {
    model,
    ledger,
    plan: async (specs) => (await prospectOf(specs)).plan,
    async apply(specs) {
      const prepared = await prospectOf(specs);
      const { outcomes, diagnostics } = await apply({
        prepared,
        ledger,
        save: async () => undefined,
        signal: new AbortController().signal,
        clock,
        onOutcome: () => undefined,
      });
      const summary = { applied: 0, failed: 0, stale: 0, skipped: 0 };
      for (const { status } of outcomes) summary[status] += 1;
      const { plan } = prepared;
      const report: ApplyReport = {
        formatVersion: '1',
        fingerprint: plan.fingerprint,
        summary,
        requests: { read: 0, write: 0 },
        outcomes,
        diagnostics: [...plan.diagnostics, ...diagnostics],
      };
      return { plan, report };
    },
  };
}

export function target(vendor: string): Target {
  return {
    name: TARGET,
    vendor,
    baseUrl: 'https://vendor.example.com',
    auth: { fromEnv: 'CREDENTIAL' },
    concurrency: 2,
    requestsPerSecond: 100,
    timeoutMs: 1000,
  };
}

const OPTIONS: PlanOptions = { targets: [], prune: true, adopt: true, trustSecrets: false };

const project: Project = {
  name: 'mine',
  file: 'llmform.yaml',
  folder: '/nowhere',
  manifests: [],
  ledger: { type: 'file', path: 'ledger.json' },
  targets: [],
  guards: { maxDelete: 0, maxDeletePercent: 100, maxUpdatePercent: 100, maxMissingPercent: 30 },
};

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

/** A vendor that says what it did not like, all of it. */
function echo({ body }: WriteRequest) {
  const text = JSON.stringify(body ?? {});
  const values = leaves(body);
  const forms = values.flatMap((value) => [
    value,
    Buffer.from(value).toString('base64'),
    Buffer.from(value).toString('base64url'),
    encodeURIComponent(value),
    JSON.stringify(value),
  ]);
  const message = `${forms.join(' and ')} in ${text}`;
  const detail = [{ loc: ['body'], msg: message, input: body ?? null }];
  return { status: 422, headers: {}, text: JSON.stringify({ message, error: message, detail }) };
}

function leaves(value: unknown): string[] {
  if (typeof value === 'string') return Buffer.from(value).toString() === value ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [];
}
