import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readProject } from '../../src/manifest/project/read-project.js';
import { readManifests } from '../../src/manifest/read-manifests.js';
import type { Json } from '../../src/model/json.js';
import { diagnosticsText } from '../../src/report/index.js';
import { vendors } from '../../src/vendors/index.generated.js';
import { project } from '../support/corpus-project.js';
import { check, checkAsync, printTally } from '../support/fuzz-runs.js';
import { type BrokenVendor, jsonReply, type Operation, openBrokenVendor } from './broken-vendor.js';
import { ESCAPES, expectCalm } from './calm.js';
import { mutatedBytes, wrongVersions } from './mutations.js';
import { wanted } from './wanted.js';

printTally('mutations');

beforeAll(() => void vi.spyOn(Math, 'random').mockReturnValue(0));
afterAll(() => void vi.restoreAllMocks());

const examples = fileURLToPath(new URL('../../examples/', import.meta.url));
const sources = readdirSync(examples, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.yaml'))
  .sort()
  .map((path) => ({ path, bytes: readFileSync(join(examples, path)) }));
const isProject = ({ path }: { path: string }) => path.endsWith('llmform.yaml');

describe('files with something wrong in them', () => {
  it('a manifest is read or told, and never throws', () => {
    const manifests = sources.filter((source) => !isProject(source)).map(({ bytes }) => bytes);
    check(
      fc.property(mutatedBytes(manifests), (bytes) => {
        const { diagnostics } = readManifests([{ file: 'a.yaml', bytes }], project, vendors);
        for (const { file, line, column } of diagnostics) {
          expect(file).toBe('a.yaml');
          expect(line).toBeGreaterThan(0);
          expect(column).toBeGreaterThan(0);
        }
        expect(diagnosticsText(diagnostics, { color: false, width: 100 })).not.toMatch(ESCAPES);
      }),
      300,
    );
  });

  it('a project file is read or told, and never throws', () => {
    const projects = sources.filter(isProject).map(({ bytes }) => bytes);
    check(
      fc.property(mutatedBytes(projects), (bytes) => {
        const read = readProject(bytes, { file: 'llmform.yaml', folder: '/project' }, vendors);
        expect(read.project === undefined).toBe(
          read.diagnostics.some(({ severity }) => severity === 'error'),
        );
        expect(diagnosticsText(read.diagnostics, { color: false, width: 100 })).not.toMatch(ESCAPES);
      }),
      100,
    );
  });
});

describe.each(wanted)('replies of $vendor $kind with something wrong in them', (one) => {
  let vendor: BrokenVendor;
  const usual: { operation: Operation; bytes: Buffer; versions: Json[] }[] = [];
  beforeAll(async () => {
    vendor = await openBrokenVendor(one);
    const kind = vendors.find(({ id }) => id === one.vendor)?.kinds.find(({ name }) => name === one.kind);
    const operations: Operation[] = ['create', ...(kind?.update ? (['update'] as const) : [])];
    for (const operation of operations) usual.push(await sample(operation));
    // A list with objects in it, as an update meets it.
    const listing = await vendor.usual('list', 'update');
    usual.push({ operation: 'list', bytes: listing.body, versions: versionsOf(listing.body) });
  });
  afterAll(() => vendor.close());

  async function sample(operation: Operation) {
    const { body } = await vendor.usual(operation);
    return { operation, bytes: body, versions: versionsOf(body) };
  }

  it('leave llmform calm, and nothing is lost', async () => {
    await checkAsync(
      fc.asyncProperty(fc.nat(), fc.nat(), fc.boolean(), async (which, n, whole) => {
        const { operation, bytes, versions } = usual[which % usual.length] ?? usual[0] ?? never();
        const [mutated] = fc.sample(mutatedBytes([bytes]), { seed: n, numRuns: 1 });
        const reply = whole
          ? jsonReply(versions[n % versions.length])
          : { ...jsonReply(null), body: Buffer.from(mutated ?? bytes) };
        const run = await vendor.run(operation, reply, ...(n % 2 === 0 ? [] : ['--format', 'json']));
        try {
          expectCalm(run, vendor.secrets);
        } catch (error) {
          throw new Error(
            `${operation} ${reply.body.toString().slice(0, 500)}\n${run.out}${run.err}`.slice(0, 3000),
            { cause: error },
          );
        }
        if (run.code === 1) expect(run.writes).toEqual([]);
      }),
      6,
    );
  });
});

function versionsOf(body: Buffer): Json[] {
  return wrongVersions(JSON.parse(body.toString()) as Json);
}

function never(): never {
  throw new Error('no reply was sampled');
}
