import type { IncomingMessage } from 'node:http';

const MOST_BYTES = 1024 * 1024;
const MOST_DISCARDED_BYTES = 16 * MOST_BYTES;

/**
 * The raw body; undefined when it is larger than 1 MiB. The rest of such a body is read and thrown away, within
 * reason: who is cut off while sending never sees the answer.
 */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > MOST_DISCARDED_BYTES) return undefined;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += (chunk as Buffer).length;
    if (length > MOST_DISCARDED_BYTES) return undefined;
    if (length > MOST_BYTES) chunks.length = 0;
    else chunks.push(chunk as Buffer);
  }
  return length > MOST_BYTES ? undefined : Buffer.concat(chunks);
}
