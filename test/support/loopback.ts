import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Target } from '../../src/model/project.js';
import type { Vendor } from '../../src/model/vendor.js';

export interface Loopback {
  url: string;
  port: number;
  requests: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[];
  close(): Promise<void>;
}

/** A server on an ephemeral port that keeps what it was asked. */
export async function serve(
  listener: RequestListener,
  tls?: { key: Buffer; cert: Buffer },
): Promise<Loopback> {
  const requests: Loopback['requests'] = [];
  const recording: RequestListener = async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = '', url = '', headers } = request;
    requests.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
    listener(request, response);
  };
  const server: Server = tls ? createTlsServer(tls, recording) : createServer(recording);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://localhost:${port}`,
    port,
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function target(baseUrl: string, rest: Partial<Target> = {}): Target {
  return {
    name: 'test',
    vendor: 'test',
    baseUrl,
    auth: { fromEnv: 'TEST_KEY' },
    concurrency: 4,
    requestsPerSecond: 1000,
    timeoutMs: 5000,
    ...rest,
  };
}

export const vendor: Vendor = {
  id: 'test',
  title: 'Test',
  auth: { header: 'authorization', prefix: 'Bearer ' },
  credential: 'nowhere',
  kinds: [],
  errorMessage(body) {
    const message =
      typeof body === 'object' && body !== null && !Array.isArray(body) ? body.message : undefined;
    return typeof message === 'string' ? message : undefined;
  },
};
