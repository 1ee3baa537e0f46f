import type { Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { head, plainly, type Reply, type Spoil } from './proxy.js';

/** One way for the bytes of a reply to be wrong, or odd and still right. */
export interface WireFaultCase {
  name: string;
  /**
   * What a client has to make of it. `broken`: the reply cannot be read, and asking again may help. `wrong`: it can be read
   * and is no answer. `late`: it does not come to an end. `harmless`: unusual, and right.
   */
  kind: 'broken' | 'wrong' | 'late' | 'harmless';
  spoil: Spoil;
  /** The reply has a body that something happens to. */
  body?: true;
  /** What the user has to read when the request failed. */
  says: RegExp;
}

const LOST = /connection to \S+ was lost/;
const NOT_HTTP = /does not speak HTTP|answered with broken HTTP/;
// How a body ends too early depends on which of both sides notices it first.
const CUT = /connection to \S+ was lost|shorter or longer than it says|broken HTTP/;
const STATUS_LINE = /answered with broken HTTP \(the status line is not valid\)/;
const LATE = /no complete answer from/;
const NOT_JSON = /broken or cut off|text instead of JSON/;
const NOT_JSON_OR_UTF8 = /broken or cut off|text instead of JSON|not UTF-8/;
const TOO_LARGE = /headers of the answer .* are larger than/;

export const WIRE_FAULTS: readonly WireFaultCase[] = [
  // The connection.
  broken('closed without a word', LOST, (socket) => socket.end()),
  broken('reset without a word', LOST, (socket) => socket.resetAndDestroy()),
  broken('cut in the status line', LOST, (socket) => socket.end('HTTP/1.1 20')),
  broken('cut in the head', LOST, (socket, reply) => socket.end(head(reply).slice(0, -9))),
  broken('reset in the head', LOST, (socket, reply) => {
    socket.write(head(reply).slice(0, -9), () => socket.resetAndDestroy());
  }),
  ofBody('cut in the body', CUT, (socket, reply) => socket.end(plainly(reply).subarray(0, -2))),
  ofBody('cut in a chunk', CUT, (socket, reply) => socket.end(chunked(reply, '').subarray(0, -8))),
  ofBody('cut before the last chunk', CUT, (socket, reply) => socket.end(chunked(reply, ''))),

  // How the body is framed.
  ofBody('bad chunk size', NOT_HTTP, (socket, reply) => socket.end(chunked(reply, 'zz\r\n'))),
  ofBody('endless chunk size', NOT_HTTP, (socket, reply) =>
    socket.end(chunked(reply, `${'f'.repeat(40)}\r\n`)),
  ),
  ofBody('chunk longer than it says', NOT_HTTP, (socket, reply) =>
    socket.end(
      Buffer.concat([Buffer.from(`${chunkedHead(reply)}1\r\n`), reply.body, Buffer.from('\r\n0\r\n\r\n')]),
    ),
  ),
  ofBody('two lengths', CUT, (socket, reply) =>
    socket.end(withHead(reply, `content-length: ${reply.body.length}`, 'content-length: 1')),
  ),
  ofBody('length and chunks', CUT, (socket, reply) =>
    socket.end(withHead(reply, `content-length: ${reply.body.length}`, 'transfer-encoding: chunked')),
  ),
  ofBody('length that is no number', NOT_HTTP, (socket, reply) =>
    socket.end(withHead(reply, 'content-length: all')),
  ),
  ofBody('negative length', NOT_HTTP, (socket, reply) => socket.end(withHead(reply, 'content-length: -1'))),
  ofBody('length too long', CUT, (socket, reply) =>
    socket.end(withHead(reply, `content-length: ${reply.body.length + 5}`)),
  ),
  {
    name: 'length too short',
    kind: 'wrong',
    body: true,
    says: NOT_JSON,
    spoil: (socket, reply) => socket.end(withHead(reply, `content-length: ${reply.body.length - 5}`)),
  },

  // The head.
  broken('header over 16 KiB', TOO_LARGE, (socket, reply) =>
    socket.end(withHead(reply, `x-flood: ${'x'.repeat(20_000)}`, lengthOf(reply))),
  ),
  broken('2,000 headers', TOO_LARGE, (socket, reply) =>
    socket.end(
      withHead(reply, ...Array.from({ length: 2_000 }, (_, i) => `x-flood-${i}: flood`), lengthOf(reply)),
    ),
  ),
  broken('line feeds alone', NOT_HTTP, (socket, reply) =>
    socket.end(head(reply, lengthOf(reply)).replaceAll('\r\n', '\n') + reply.body.toString('latin1')),
  ),
  broken('header with a NUL', NOT_HTTP, (socket, reply) =>
    socket.end(withHead(reply, 'x-odd: a\0b', lengthOf(reply))),
  ),
  broken('header without a name', NOT_HTTP, (socket, reply) =>
    socket.end(withHead(reply, ': x', lengthOf(reply))),
  ),
  broken('status that is no number', STATUS_LINE, withStatus('abc')),
  // It passes undici's parser, and then fails an assertion.
  broken('status 000', /broken HTTP \(such as a status below 100\)/, withStatus('000')),
  broken('HTTP/3.7', NOT_HTTP, (socket, reply) =>
    socket.end(
      plainly(reply)
        .toString('latin1')
        .replace(/^HTTP\/1.1/, 'HTTP/3.7'),
    ),
  ),
  broken('switching protocols', LOST, (socket) =>
    socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'),
  ),

  // undici takes it only where it was asked for.
  broken('100 that was not asked for', LOST, (socket, reply) =>
    socket.end(Buffer.concat([Buffer.from('HTTP/1.1 100 Continue\r\n\r\n'), plainly(reply)])),
  ),

  // Another protocol.
  broken('TLS', NOT_HTTP, (socket) => socket.end(Buffer.from('15030300020228', 'hex'))),
  broken('SSH', NOT_HTTP, (socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n')),
  broken('SMTP', NOT_HTTP, (socket) => socket.end('220 mail.example ESMTP\r\n')),
  broken('HTTP/0.9', NOT_HTTP, (socket, reply) =>
    socket.end(Buffer.concat([reply.body, Buffer.from('<html>')])),
  ),
  broken('HTTP/2', NOT_HTTP, (socket) => socket.end(Buffer.from('000006040000000000000300000064', 'hex'))),

  // Too slow, or without an end.
  late('1xx without end', (socket) => repeat(socket, 'HTTP/1.1 102 Processing\r\n\r\n')),
  late('head that drips', (socket, reply) => drip(socket, Buffer.from(head(reply, lengthOf(reply))))),
  late('hangs in the head', (socket, reply) => socket.write(head(reply).slice(0, -4))),
  {
    ...late('hangs in the body', (socket, reply) => socket.write(plainly(reply).subarray(0, -2))),
    body: true,
  },
  { ...late('body that drips', (socket, reply) => dripBody(socket, reply)), body: true },

  // JSON that is none.
  wrong('NaN', NOT_JSON, (body) => body.replace(/^\{/, '{"odd":NaN,').replace(/^\[/, '[NaN,')),
  wrong('trailing comma', NOT_JSON, (body) => body.replace(/\}$/, ',}').replace(/\]$/, ',]')),
  wrong('a number beyond all bounds', /a number that is too large|broken or cut off/, (body) =>
    body.replace(/^\{/, '{"odd":1e999,').replace(/^\[/, '[1e999,'),
  ),
  wrong('twice the same reply in one body', NOT_JSON, (body) => body + body),
  wrong('deep JSON', /nested more than 200 levels/, () => '['.repeat(5_000) + ']'.repeat(5_000)),
  ofText('UTF-16', NOT_JSON_OR_UTF8, (body) => Buffer.from(`\ufeff${body}`, 'utf16le')),
  ofText('bytes that are no UTF-8', /not UTF-8/, (body) =>
    Buffer.from(body.replace('"', '"\u00ff'), 'latin1'),
  ),
  ofText('gzip that it does not tell of', NOT_JSON_OR_UTF8, (body) => gzipSync(body)),
  {
    name: 'gzip that is none',
    kind: 'wrong',
    body: true,
    says: /compressed .*cannot be read|broken gzip/,
    spoil: (socket, reply) => socket.end(withHead(reply, 'content-encoding: gzip', lengthOf(reply))),
  },
  {
    name: 'encoding that nobody knows',
    kind: 'wrong',
    body: true,
    says: /content-encoding/,
    spoil: (socket, reply) => socket.end(withHead(reply, 'content-encoding: zip', lengthOf(reply))),
  },
  {
    name: 'gzip of 80 MB',
    kind: 'wrong',
    body: true,
    says: /more than 64 MiB/,
    spoil: (socket, reply) =>
      socket.end(plainly({ ...encoded(reply, 'gzip', () => bomb()), status: reply.status })),
  },
  {
    name: 'redirect',
    kind: 'wrong',
    says: /redirect/,
    spoil: (socket, reply) =>
      socket.end(plainly({ ...reply, status: 307, headers: [['location', 'http://127.0.0.1:1/elsewhere']] })),
  },

  // Odd, and right.
  fine('HTTP/1.0 without a length', (socket, reply) => {
    socket.end(Buffer.concat([Buffer.from(head(reply).replace('HTTP/1.1', 'HTTP/1.0')), reply.body]));
  }),
  fine('103 before the reply', (socket, reply) => {
    const early = 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n';
    socket.end(Buffer.concat([Buffer.from(early), plainly(reply)]));
  }),
  fine('chunks of one byte', (socket, reply) => {
    const chunks = [...reply.body].map((byte) =>
      Buffer.concat([Buffer.from('1\r\n'), Buffer.from([byte]), CRLF]),
    );
    if (reply.status === 204) return socket.end(plainly(reply));
    socket.end(Buffer.concat([Buffer.from(chunkedHead(reply)), ...chunks, Buffer.from('0\r\n\r\n')]));
  }),
  fine('the reply twice', (socket, reply) => socket.end(Buffer.concat([plainly(reply), plainly(reply)]))),
  fine('byte order mark', (socket, reply) => {
    if (reply.body.length === 0) return socket.end(plainly(reply));
    socket.end(plainly({ ...reply, body: Buffer.concat([Buffer.from('\ufeff'), reply.body]) }));
  }),
  fine('gzip', (socket, reply) => socket.end(plainly(encoded(reply, 'gzip', gzipSync)))),
  fine('deflate', (socket, reply) => socket.end(plainly(encoded(reply, 'deflate', deflateSync)))),
  fine('br', (socket, reply) => socket.end(plainly(encoded(reply, 'br', brotliCompressSync)))),
  fine('gzip and br', (socket, reply) =>
    socket.end(plainly(encoded(reply, 'gzip, br', (body) => brotliCompressSync(gzipSync(body))))),
  ),
];

const CRLF = Buffer.from('\r\n');

function broken(name: string, says: RegExp, spoil: Spoil): WireFaultCase {
  return { name, kind: 'broken', says, spoil };
}

function ofBody(name: string, says: RegExp, spoil: Spoil): WireFaultCase {
  return { ...broken(name, says, spoil), body: true };
}

/** Of a reply whose text is another one. */
function wrong(name: string, says: RegExp, change: (body: string) => string): WireFaultCase {
  return ofText(name, says, (body) => Buffer.from(change(body)));
}

function ofText(name: string, says: RegExp, change: (body: string) => Buffer): WireFaultCase {
  const spoil: Spoil = (socket, reply) =>
    socket.end(plainly({ ...reply, body: change(reply.body.toString('utf8')) }));
  return { name, kind: 'wrong', body: true, says, spoil };
}

function late(name: string, spoil: Spoil): WireFaultCase {
  return { name, kind: 'late', says: LATE, spoil };
}

function fine(name: string, spoil: Spoil): WireFaultCase {
  return { name, kind: 'harmless', says: LATE, spoil };
}

/** The reply with another word where its first line has the status. */
function withStatus(word: string): Spoil {
  return (socket, reply) =>
    socket.end(
      plainly(reply)
        .toString('latin1')
        .replace(/^HTTP\/1.1 \d+/, `HTTP/1.1 ${word}`),
    );
}

function lengthOf({ body }: Reply): string {
  return `content-length: ${body.length}`;
}

function withHead(reply: Reply, ...lines: string[]): Buffer {
  return Buffer.concat([Buffer.from(head(reply, ...lines), 'latin1'), reply.body]);
}

function chunkedHead(reply: Reply): string {
  return head(reply, 'transfer-encoding: chunked');
}

/** The body in one chunk, and then whatever stands where the last one should. */
function chunked(reply: Reply, rest: string): Buffer {
  const size = `${reply.body.length.toString(16)}\r\n`;
  return Buffer.concat([Buffer.from(chunkedHead(reply) + size), reply.body, CRLF, Buffer.from(rest)]);
}

function encoded(reply: Reply, encoding: string, encode: (body: Buffer) => Buffer): Reply {
  if (reply.body.length === 0) return reply;
  return { ...reply, headers: [...reply.headers, ['content-encoding', encoding]], body: encode(reply.body) };
}

let bombs: Buffer | undefined;

function bomb(): Buffer {
  bombs ??= gzipSync(Buffer.alloc(80 * 1024 * 1024, ' '));
  return bombs;
}

/** Says the same again and again, until the other side has had enough. */
function repeat(socket: Socket, text: string): void {
  const timer = setInterval(() => socket.write(text), 20);
  socket.once('close', () => clearInterval(timer));
}

function dripBody(socket: Socket, reply: Reply): void {
  socket.write(head(reply, lengthOf(reply)));
  drip(socket, reply.body);
}

/** Slow enough for any timeout here, and never silent for long. */
function drip(socket: Socket, bytes: Buffer): void {
  let sent = 0;
  const timer = setInterval(() => {
    if (sent < bytes.length - 1) socket.write(bytes.subarray(sent, sent + 1));
    sent += 1;
  }, 40);
  socket.once('close', () => clearInterval(timer));
}
