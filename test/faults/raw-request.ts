import type { Socket } from 'node:net';

/** One request as it came over a socket. */
export interface RawRequest {
  method: string;
  /** Path and query. */
  path: string;
  headers: Record<string, string>;
  body: Buffer;
}

/** Calls back for each request on a connection. Knows bodies framed by their length, which is how the product sends. */
export function requestsOn(socket: Socket, onRequest: (request: RawRequest) => void): void {
  let pending: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    for (let parsed = parse(pending); parsed !== undefined; parsed = parse(pending)) {
      pending = parsed.rest;
      onRequest(parsed.request);
    }
  });
  // A client that has gone away gets no answer.
  socket.on('end', () => socket.end());
}

function parse(bytes: Buffer): { request: RawRequest; rest: Buffer } | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const [method = '', path = ''] = first.split(' ');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const start = end + 4;
  const length = Number(headers['content-length'] ?? 0);
  if (bytes.length < start + length) return undefined;
  const body = bytes.subarray(start, start + length);
  return { request: { method, path, headers, body }, rest: bytes.subarray(start + length) };
}
