import type { Finding, SourceFile } from './findings.js';
import { MAX_BYTES } from './limits.js';

/** Decodes a file. One that is too large or not UTF-8 has an empty text and a finding. */
export function sourceFile(file: string, bytes: Uint8Array): SourceFile {
  const source: SourceFile = { file, text: '', findings: [] };
  if (bytes.length > MAX_BYTES) {
    const size = (bytes.length / 1024 / 1024).toFixed(1);
    source.findings.push({
      code: 'file',
      summary: `The file holds ${size} MiB; a file may hold 8 MiB.`,
      detail: 'Split it into several files, or check that the globs match only manifests.',
      line: 1,
      column: 1,
    });
    return source;
  }
  try {
    source.text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    source.findings.push(notUtf8(bytes));
  }
  return source;
}

function notUtf8(bytes: Uint8Array): Finding {
  const offset = validPrefix(bytes);
  const lineStart = bytes.subarray(0, offset).lastIndexOf(LINE_FEED) + 1;
  let line = 1;
  for (let at = 0; at < lineStart; at += 1) if (bytes[at] === LINE_FEED) line += 1;
  return {
    code: 'file',
    summary: `The file is not UTF-8: byte ${offset + 1} belongs to no character.`,
    detail:
      'Save the file as UTF-8. If it is not a text file, let the globs of the project file leave it out.',
    line,
    column: offset - lineStart + 1,
  };
}

const LINE_FEED = 10;

/** How many bytes are UTF-8, found by halving, since decoders do not say where they stopped. */
function validPrefix(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length + 1;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (decodes(bytes.subarray(0, middle), true)) good = middle;
    else bad = middle;
  }
  // The last few bytes may have begun a character that never came to its end.
  while (!decodes(bytes.subarray(0, good), false)) good -= 1;
  return good;
}

function decodes(bytes: Uint8Array, maybeCut: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: maybeCut });
    return true;
  } catch {
    return false;
  }
}
