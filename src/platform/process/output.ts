import { fstatSync, writeSync } from 'node:fs';
import { errorCodeOf } from '../fs/files.js';

/** Where a process prints to. */
export interface Output {
  /** Never throws: what is being done goes on when nothing of it can be shown. */
  write(text: string): void;
  /** Resolves once everything is printed, with the system's name of the first error, such as `ENOSPC`. */
  fault(): Promise<string | undefined>;
}

type Stream = NodeJS.WriteStream & { fd: number };

/** A standard stream of this process, which may be full or closed at any time. */
export function openOutput(stream: Stream): Output {
  let fault: string | undefined;
  const fail = (error: unknown) => {
    fault ??= errorCodeOf(error) || 'EIO';
  };
  stream.on('error', fail);
  const synchronous = isFileLike(stream);
  return {
    write(text) {
      try {
        if (synchronous) writeWhole(stream.fd, text);
        else stream.write(text);
      } catch (error) {
        fail(error);
      }
    },
    async fault() {
      await new Promise<void>((resolve) => stream.write('', () => resolve()));
      return fault;
    },
  };
}

/** A file takes a part of a text when its disk is nearly full, and the stream of Node would not say so. */
function writeWhole(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}

function isFileLike(stream: Stream): boolean {
  if (stream.isTTY) return false;
  try {
    const stat = fstatSync(stream.fd);
    return stat.isFile() || stat.isCharacterDevice();
  } catch {
    return false;
  }
}
