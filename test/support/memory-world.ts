import { type Applied, apply } from '../../src/apply/apply.js';
import type { JsonObject } from '../../src/model/json.js';
import type { Ledger } from '../../src/model/ledger.js';
import type { Manifest } from '../../src/model/manifest.js';
import type { Outcome } from '../../src/model/outcome.js';
import type { PlanOptions } from '../../src/model/plan.js';
import type { Client, EnginePorts } from '../../src/model/ports.js';
import type { Project } from '../../src/model/project.js';
import type { Kind, Live, Vendor, WriteRequest } from '../../src/model/vendor.js';
import { VendorError } from '../../src/model/vendor-error.js';
import { createSeals } from '../../src/platform/secrets/seal.js';
import { type PreparedPlan, prepare } from '../../src/prepare/prepare.js';
import { type FakeClock, fakeClock } from './fake-clock.js';
import { digest, plainKind, projectOf, target } from './kinds.js';
import { ledgerOf } from './ledger.js';

/** A vendor that lives in memory, with one kind whose objects may refer to each other by `parent`. */
export interface MemoryWorld {
  project: Project;
  objects: Map<string, JsonObject>;
  ledger: Ledger;
  /** What was asked for, such as `POST /things` and `GET`. */
  sent: string[];
  /** Called for every write, before or after it is carried out; may throw. */
  hooks: {
    before?(request: WriteRequest): unknown;
    after?(request: WriteRequest): unknown;
    read?(): unknown;
  };
  /** Called whenever the ledger is to be saved; may throw. */
  save(): Promise<void>;
  saved: Ledger[];
  /** When it fires, apply starts nothing new. */
  stop: AbortController;
  told: Outcome[];
  clock: FakeClock;
  plan(manifests: readonly Manifest[], options?: Partial<PlanOptions>): Promise<PreparedPlan<Client>>;
  apply(manifests: readonly Manifest[], options?: Partial<PlanOptions>): Promise<Applied>;
}

export function memoryWorld({ kind = {} }: { kind?: Partial<Kind> } = {}): MemoryWorld {
  const thing = plainKind(kind.rules ?? {}, {
    ...listing(),
    ...kind,
    rules: plainKind(kind.rules ?? {}).rules,
  });
  const vendor: Vendor = {
    id: 'test',
    title: 'Test',
    auth: { header: 'x-key', prefix: '' },
    credential: 'a key',
    kinds: [thing],
    errorMessage: () => undefined,
  };
  const project = projectOf();
  const clock = fakeClock();
  const ports: EnginePorts = {
    vendors: [vendor],
    secrets: {
      resolve: async (reference) => `secret of ${Object.values(reference)[0]}`,
      mask: (text) => text,
      clean: (text) => text,
    },
    seals: createSeals,
    clock,
    digests: () => ({ plain: (value) => digest(value ?? null), secret: async (value) => `k:${value}` }),
  };
  const self: MemoryWorld = {
    project,
    objects: new Map(),
    ledger: ledgerOf(),
    sent: [],
    hooks: {},
    saved: [],
    stop: new AbortController(),
    clock,
    told: [],
    save: async () => void self.saved.push(structuredClone(self.ledger)),
    plan: (manifests, options = {}) =>
      prepare(
        { project, targets: [target], manifests, ledger: self.ledger },
        ports,
        { targets: [], prune: false, adopt: false, trustSecrets: false, ...options },
        () => clientOf(self),
      ),
    async apply(manifests, options) {
      const prepared = await self.plan(manifests, options);
      return apply({
        prepared,
        ledger: self.ledger,
        save: () => self.save(),
        signal: self.stop.signal,
        clock: self.clock,
        onOutcome: (outcome) => void self.told.push(outcome),
      });
    },
  };
  return self;
}

/** A failure as the client throws it. */
export function fault(code: VendorError['code'], status?: number): VendorError {
  return new VendorError(code, `it failed: ${code}`, {
    operation: 'POST /things',
    ...(status !== undefined && { status }),
  });
}

function listing(): Pick<Kind, 'list' | 'createdId'> {
  return {
    list: async (read) => {
      const { body } = await read({ method: 'GET', path: '/things' });
      return (body as unknown as Live[]) ?? [];
    },
    createdId: ({ body }) => String(body),
  };
}

function clientOf(self: MemoryWorld): Client {
  const counts = { read: 0, write: 0 };
  return {
    counts,
    close: async () => undefined,
    async read({ method, path }) {
      counts.read += 1;
      self.sent.push(`${method} ${path}`);
      await self.hooks.read?.();
      const found = [...self.objects].map(([id, spec]): JsonObject => ({ id, spec }));
      return { status: 200, body: structuredClone(found) };
    },
    async write(request) {
      counts.write += 1;
      self.sent.push(`${request.method} ${request.path}`);
      await self.hooks.before?.(request);
      const id = request.path.split('/')[2] ?? `id-${self.objects.size + 1}`;
      if (request.op === 'remove') self.objects.delete(id);
      else self.objects.set(id, { ...self.objects.get(id), ...request.body });
      await self.hooks.after?.(request);
      return { status: 200, body: id };
    },
  };
}
