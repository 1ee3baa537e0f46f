import type { ZlibOptions } from 'node:zlib';
import { VendorError } from '../../model/vendor-error.js';
import type { RawResponse } from './parse-response.js';

type Decode = (bytes: Uint8Array, options: ZlibOptions) => Promise<Uint8Array>;

/** A proxy may compress what we did not ask it to. */
const DECODERS: Readonly<Record<string, Decode>> = {
  gzip: decompressor(({ unzip }) => unzip),
  'x-gzip': decompressor(({ unzip }) => unzip),
  // Some servers send deflate without the wrapper of zlib that RFC 9110 asks for.
  deflate: decompressor(({ inflate, inflateRaw }, bytes) =>
    ((bytes[0] ?? 0) & 0x0f) === 8 ? inflate : inflateRaw,
  ),
  br: decompressor(({ brotliDecompress }) => brotliDecompress),
  identity: async (bytes) => bytes,
};

type Decompress = (
  bytes: Uint8Array,
  options: ZlibOptions,
  callback: (error: Error | null, plain: Uint8Array) => void,
) => void;

/** Hardly any answer is compressed, so zlib is loaded when one is. */
function decompressor(choose: (zlib: typeof import('node:zlib'), bytes: Uint8Array) => Decompress): Decode {
  return async (bytes, options) => {
    const decompress = choose(await import('node:zlib'), bytes);
    return new Promise((resolve, reject) => {
      decompress(bytes, options, (error, plain) => {
        if (error === null) resolve(plain);
        else reject(error);
      });
    });
  };
}

/**
 * The text of an answer's body, decompressed as its headers say. Throws `VendorError` `unexpected` where the body is not UTF-8, is
 * compressed in a way that we do not know, or is larger than `mostBytes`: half a text would look like drift.
 */
export async function readText(
  bytes: Uint8Array,
  headers: RawResponse['headers'],
  mostBytes: number,
): Promise<string> {
  let plain = bytes;
  if (bytes.length === 0) return '';
  // They are named in the order in which they were applied (RFC 9110, 8.4).
  for (const encoding of encodingsOf(headers).reverse()) plain = await decode(plain, encoding, mostBytes);
  try {
    return strict.decode(plain);
  } catch {
    throw unreadable('answered with bytes that are not UTF-8: a proxy may be in between');
  }
}

/** Throws where bytes are not UTF-8. */
const strict = new TextDecoder('utf-8', { fatal: true });

/** The text of the body of an error, as far as it can be read: its status says what it is. */
export async function readErrorText(
  bytes: Uint8Array,
  headers: RawResponse['headers'],
  mostBytes: number,
): Promise<string> {
  try {
    return await readText(bytes, headers, mostBytes);
  } catch {
    return '';
  }
}

function encodingsOf(headers: RawResponse['headers']): string[] {
  const value = headers['content-encoding'] ?? [];
  const names = [value].flat().join(',').split(',');
  return names.map((name) => name.trim().toLowerCase()).filter((name) => name !== '');
}

async function decode(bytes: Uint8Array, encoding: string, maxOutputLength: number): Promise<Uint8Array> {
  const known = Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding] : undefined;
  if (known === undefined) {
    throw unreadable('answered with a content-encoding that llmform cannot read: a proxy may be in between');
  }
  try {
    return await known(bytes, { maxOutputLength });
  } catch (error) {
    const tooLarge = error instanceof RangeError;
    throw unreadable(
      tooLarge
        ? `answered with more than ${maxOutputLength / 1024 / 1024} MiB once it is decompressed`
        : `answered with broken ${encoding}: a proxy may be in between`,
    );
  }
}

function unreadable(message: string): VendorError {
  return new VendorError('unexpected', message);
}
