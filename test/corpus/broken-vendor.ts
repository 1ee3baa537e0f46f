import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../src/cli/main.js';
import type { JsonObject } from '../../src/model/json.js';
import type { KindRequest } from '../../src/model/vendor.js';
import { fakeClock } from '../support/fake-clock.js';
import { capturingTerminal } from '../support/terminal.js';
import { openModel, type VendorModel } from '../support/vendor-model.js';

/** Distinctive, and different in each of its encodings. */
export const SECRET = 'sk-HUSH/7+z9=&"one"';
export const CREDENTIAL = 'credential/+=&of-the-target';

/** What a vendor says in place of its answer. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** The request that gets the broken reply. */
export type Operation = 'list' | 'read' | 'create' | 'update' | 'remove';

export interface Run {
  code: number;
  out: string;
  err: string;
  /** Methods and paths of the requests that could have written. */
  writes: string[];
  /** The ledger before and after, as text. */
  ledger: { before: string | undefined; after: string | undefined };
}

/** A vendor that answers as documented, but for one operation; and a project that has it as its only target. */
export interface BrokenVendor {
  /** The secrets that its project refers to. What no project refers to, nobody can know for a secret. */
  secrets: readonly string[];
  /** Carries out the command that sends this operation, with a reply in its place. */
  run(operation: Operation, reply: Reply | undefined, ...flags: string[]): Promise<Run>;
  /** What the vendor would have said to this operation, while `during` is carried out. */
  usual(operation: Operation, during?: Operation): Promise<Reply>;
  close(): Promise<void>;
}

export interface Wanted {
  vendor: string;
  kind: string;
  path: string;
  spec: JsonObject;
  /** The member of the spec that an update changes. */
  title: string;
}

export async function openBrokenVendor(wanted: Wanted): Promise<BrokenVendor> {
  const folder = mkdtempSync(join(tmpdir(), 'llmform-replies-'));
  const ledgerPath = join(folder, '.llmform', 'ledger.json');
  let model: VendorModel = openModel(wanted.vendor);
  let attack: { operation: Operation; reply: Reply | undefined } | undefined;
  let last: Reply | undefined;
  let writes: string[] = [];

  const server = createServer((request, response) => {
    const { method = 'GET', url = '' } = request;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (method !== 'GET') writes.push(`${method} ${url}`);
      const hit = attack?.operation === operationOf(method, url, wanted.path);
      const broken = hit ? attack?.reply : undefined;
      const reply = broken ?? answer(model, method, url, Buffer.concat(chunks).toString());
      if (hit) last = reply;
      response.writeHead(reply.status, reply.headers).end(reply.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  writeProject(folder, wanted, server);

  // A vendor may lag behind its answers, and what it does not show is waited for.
  const clock = fakeClock();

  async function command(...argv: string[]): Promise<Run> {
    const before = textOf(ledgerPath);
    writes = [];
    const terminal = capturingTerminal({ cwd: folder, env: { SECRET, CREDENTIAL }, width: 100, clock });
    const code = await main(argv, terminal);
    return { code, ...terminal.printed(), writes, ledger: { before, after: textOf(ledgerPath) } };
  }

  /** What a first apply leaves behind; made once, since it takes as long as what is to be tested. */
  let settled: { objects: [string, JsonObject][]; ledger: string } | undefined;

  /** The state in which the next command sends this operation. */
  async function prepare(operation: Operation): Promise<void> {
    model = openModel(wanted.vendor);
    rmSync(join(folder, '.llmform'), { recursive: true, force: true });
    writeManifest(folder, wanted, 'first');
    const objects = model.collection(wanted.path);
    if (operation === 'create' || operation === 'list') return;
    if (settled === undefined) {
      const { code, err } = await command('apply', '--auto-approve');
      if (code !== 0) throw new Error(`the first apply ended with ${code}: ${err}`);
      settled = { objects: [...objects], ledger: textOf(ledgerPath) ?? '' };
    }
    mkdirSync(join(folder, '.llmform'), { recursive: true });
    writeFileSync(ledgerPath, settled.ledger);
    // An object that is missing from the list is read by itself.
    for (const [id, object] of operation === 'read' ? [] : settled.objects) objects.set(id, object);
    if (operation === 'read') objects.clear();
    if (operation === 'update') writeManifest(folder, wanted, 'second');
    if (operation === 'remove') writeManifest(folder, wanted, 'none');
  }

  const vendor: BrokenVendor = {
    secrets: JSON.stringify(wanted.spec).includes('fromEnv') ? [SECRET] : [],
    async run(operation, reply, ...flags) {
      attack = undefined;
      await prepare(operation);
      attack = { operation, reply };
      const argv = operation === 'remove' ? ['--prune', '--max-delete', '1'] : [];
      // For `read`, both objects that it remembers are gone.
      return await command('apply', '--auto-approve', '--max-missing', '2', ...argv, ...flags);
    },
    async usual(operation, during = operation) {
      attack = undefined;
      await prepare(during);
      last = undefined;
      attack = { operation, reply: undefined };
      await command('apply', '--auto-approve');
      if (last === undefined) throw new Error(`no ${operation} was sent`);
      return last;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return vendor;
}

export function jsonReply(body: unknown, status = 200): Reply {
  return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(body)) };
}

function operationOf(method: string, url: string, path: string): Operation | undefined {
  const plain = url.split('?', 1)[0] ?? '';
  if (!plain.startsWith(path)) return undefined;
  if (method === 'POST') return 'create';
  if (method === 'PUT' || method === 'PATCH') return 'update';
  if (method === 'DELETE') return 'remove';
  return plain === path ? 'list' : 'read';
}

function answer(model: VendorModel, method: string, path: string, text: string): Reply {
  try {
    if (method === 'GET') return jsonReply(model.read({ method: 'GET', path }).body);
    const body = text === '' ? undefined : (JSON.parse(text) as JsonObject);
    const request = { method: method as KindRequest['method'], path, ...(body && { body }) };
    return jsonReply(model.write(request).body, method === 'POST' ? 201 : 200);
  } catch {
    return jsonReply({ message: 'no such object' }, 404);
  }
}

function writeProject(folder: string, { vendor }: Wanted, server: Server): void {
  const { port } = server.address() as AddressInfo;
  const target = {
    vendor,
    baseUrl: `http://127.0.0.1:${port}`,
    auth: { fromEnv: 'CREDENTIAL' },
    requestsPerSecond: 10_000,
    timeout: '20s',
  };
  const project = {
    apiVersion: 'llmform/v1',
    kind: 'Project',
    name: 'tests',
    manifests: ['*.manifest.yaml'],
  };
  writeFileSync(join(folder, 'llmform.yaml'), JSON.stringify({ ...project, targets: { here: target } }));
}

function writeManifest(folder: string, wanted: Wanted, state: 'first' | 'second' | 'none'): void {
  const { vendor, kind, spec, title } = wanted;
  const manifest = (name: string, fields: JsonObject) =>
    `---\n${JSON.stringify({ apiVersion: 'llmform/v1', kind, vendor, metadata: { name }, spec: fields })}\n`;
  // A project that has lost all its manifests never removes anything, so that one stays.
  const other = manifest('other', { ...spec, [title]: 'Other' });
  const texts = state === 'none' ? [other] : [manifest('one', { ...spec, [title]: state }), other];
  writeFileSync(join(folder, 'all.manifest.yaml'), texts.join(''));
}

function textOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
