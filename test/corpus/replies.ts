import { readFileSync } from 'node:fs';
import type { Operation, Reply } from './broken-vendor.js';

/** A reply of the corpus. */
export interface BrokenReply {
  name: string;
  reply: Reply;
}

/** Bodies that are wrong whoever is asked, and whatever for. */
export const anywhere: readonly BrokenReply[] = (read('anywhere') as RawReply[]).map(asReply);

/** Bodies that look like the vendor's own, by `<vendor>/<kind>` and operation. */
export const shapes = Object.fromEntries(
  Object.entries(read('shapes') as Record<string, Partial<Record<Operation, Record<string, unknown>>>>).map(
    ([kind, operations]) => [
      kind,
      Object.entries(operations).flatMap(([operation, bodies]) =>
        Object.entries(bodies).map(([name, body]) => ({
          name,
          operation: operation as Operation,
          reply: asReply({ name, body }).reply,
        })),
      ),
    ],
  ),
);

interface RawReply {
  name: string;
  status?: number;
  type?: string;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is: texts, texts to be repeated, and bytes in hex. */
  parts?: readonly (string | { repeat: string; times: number } | { hex: string })[];
}

function asReply({
  name,
  status = 200,
  type = 'application/json',
  headers,
  body,
  parts,
}: RawReply): BrokenReply {
  const bytes = parts?.map((part) => {
    if (typeof part === 'string') return Buffer.from(part);
    return 'hex' in part ? Buffer.from(part.hex, 'hex') : Buffer.from(part.repeat.repeat(part.times));
  });
  return {
    name,
    reply: {
      status,
      headers: { 'content-type': type, ...headers },
      body: Buffer.concat(bytes ?? [Buffer.from(JSON.stringify(body))]),
    },
  };
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`replies/${name}.json`, import.meta.url), 'utf8'));
}
