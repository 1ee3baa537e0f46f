import type { Target } from '../model/project.js';
import type { Answer, Read, Vendor, WriteRequest } from '../model/vendor.js';
import { VendorError } from '../model/vendor-error.js';
import { type Clean, cleaner, toAnswer } from './answer.js';
import { replyWithRetries } from './retry.js';
import { openTransport, type Transport } from './transport.js';

/** Speaks to one target, within its budget. Every method throws `VendorError`. */
export interface Client {
  /** Repeats what may be repeated: lost connections, 408, 425, 429 and most of 5xx. */
  read: Read;
  /** Sends a write exactly once: after a failure only reading tells whether it happened. */
  write(request: WriteRequest): Promise<Answer>;
  /** Every request sent so far, repeated reads included. */
  counts: { read: number; write: number };
  /** Ends the connections. What is still waiting is not sent any more. */
  close(): Promise<void>;
}

/** What planning gets: there is no way to reach a write through it. */
export type Reader = Pick<Client, 'read' | 'counts' | 'close'>;

/** The full client, for apply. Connects on the first request, not before. */
export function openClient(
  target: Target,
  vendor: Vendor,
  credential: string,
  mask: (text: string) => string,
): Client {
  const transport = openTransport(target, vendor, credential);
  const clean = cleaner(mask);
  return {
    ...reading(transport, vendor, clean),
    async write({ method, path, body }) {
      const reply = await transport.send({ method, path, body });
      return toAnswer(reply, vendor, operation(method, path), clean);
    },
  };
}

/** The client for planning: refuses every method but GET with `VendorError` `not-a-read`. */
export function openReader(
  target: Target,
  vendor: Vendor,
  credential: string,
  mask: (text: string) => string,
): Reader {
  return reading(openTransport(target, vendor, credential), vendor, cleaner(mask));
}

function reading(transport: Transport, vendor: Vendor, clean: Clean): Reader {
  return {
    counts: transport.counts,
    close: transport.close,
    async read({ method, path }) {
      const name = operation(method, path);
      refuseWrites(method, name);
      // The literal, not the caller's value: what is sent here is a GET, whatever was passed in.
      const reply = await replyWithRetries(() => transport.send({ method: 'GET', path }), transport);
      return toAnswer(reply, vendor, name, clean);
    },
  };
}

/** Types cannot stop code that was not compiled with them, such as a plug-in. */
function refuseWrites(method: string, name: string): void {
  if (method === 'GET') return;
  throw new VendorError('not-a-read', `${method} is not a read: only GET may be sent to read`, {
    operation: name,
  });
}

/** The query is left out: it may carry what should not be shown. */
function operation(method: string, path: string): string {
  return `${method} ${path.split('?', 1)[0]}`;
}
