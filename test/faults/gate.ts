import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Stands between the product and an emulator, and does what only a network does. Every request has a connection of its
 * own, so that a gate that is shut refuses the very next one.
 */
export interface Gate {
  url: string;
  /** Where requests go on to. */
  upstream: string;
  /** Lets so many requests through and refuses every connection after them. */
  refuseAfter(requests: number): void;
  /** The next answer to such a request comes byte by byte, and not to an end. */
  drip(method: string, path: RegExp): void;
  /** Whether there is still an answer to come that is to drip. */
  waits(): boolean;
  /** Lets everything through again. */
  mend(): Promise<void>;
  close(): Promise<void>;
}

export async function openGate(): Promise<Gate> {
  let left = Number.POSITIVE_INFINITY;
  let dripping: { method: string; path: RegExp } | undefined;
  const server = createServer((incoming, outgoing) => {
    left -= 1;
    if (left <= 0) server.close();
    const { method = '', url = '' } = incoming;
    const drips = dripping?.method === method && dripping.path.test(url);
    if (drips) dripping = undefined;
    pass(incoming, outgoing, gate.upstream, drips);
  });
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;

  const gate: Gate = {
    url: `http://127.0.0.1:${port}`,
    upstream: '',
    refuseAfter(requests) {
      left = requests;
      if (left <= 0) server.close();
    },
    drip(method, path) {
      dripping = { method, path };
    },
    waits: () => dripping !== undefined,
    async mend() {
      left = Number.POSITIVE_INFINITY;
      dripping = undefined;
      if (!server.listening) await listen(port);
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
  return gate;
}

function pass(incoming: IncomingMessage, outgoing: ServerResponse, upstream: string, drips: boolean): void {
  const { method, url = '', headers } = incoming;
  const onward = request(
    upstream + url,
    { method, headers: { ...headers, connection: 'close' } },
    (answer) => {
      const { connection: _, 'keep-alive': __, ...kept } = answer.headers;
      outgoing.writeHead(answer.statusCode ?? 502, { ...kept, connection: 'close' });
      if (drips) answer.once('data', (chunk: Buffer) => drip(chunk, outgoing));
      else answer.pipe(outgoing);
    },
  );
  onward.on('error', () => outgoing.destroy());
  incoming.pipe(onward);
}

/** Slow enough for any timeout here, and never silent for long. */
function drip(chunk: Buffer, outgoing: ServerResponse): void {
  let sent = 0;
  const timer = setInterval(() => {
    if (sent < chunk.length - 1) outgoing.write(chunk.subarray(sent, sent + 1));
    sent += 1;
  }, 40);
  outgoing.once('close', () => clearInterval(timer));
}
