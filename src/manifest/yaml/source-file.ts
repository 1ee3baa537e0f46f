import { MAX_FILE_BYTES } from '../../model/file-limit.js';
import { FETCH_LFS, isLfsPointer } from '../../model/lfs-pointer.js';
import type { Finding, SourceFile } from './findings.js';

/**
 * The bytes of a file, or a function that reads them: files need not all be in memory at once. One that cannot be read
 * is undefined, and counts as empty: the caller says so.
 */
export type FileBytes = Uint8Array | (() => Uint8Array | undefined);

/** Decodes a file. One that is too large, not UTF-8 or not printable has an empty text and a finding. */
export function decodeSourceFile(file: string, bytes: FileBytes): SourceFile {
  const { text, finding } = decode(bytes);
  return {
    file,
    text,
    readAgain: () => decode(bytes).text,
    findings: finding === undefined ? [] : [finding],
  };
}

function decode(given: FileBytes): { text: string; finding?: Finding } {
  const bytes = typeof given === 'function' ? given() : given;
  if (bytes === undefined) return { text: '' };
  if (bytes.length > MAX_FILE_BYTES) return { text: '', finding: TOO_LARGE };
  let text: string;
  try {
    text = strict.decode(bytes);
  } catch {
    return { text: '', finding: notUtf8(bytes) };
  }
  if (isLfsPointer(text)) return { text: '', finding: LFS_POINTER };
  const control = text.search(CONTROL);
  return control === -1 ? { text } : { text: '', finding: controlCharacter(text, control) };
}

const LFS_POINTER: Finding = {
  code: 'file',
  summary: 'the file is a Git LFS pointer: its content was not fetched',
  detail: FETCH_LFS,
  line: 1,
  column: 1,
};

const TOO_LARGE: Finding = {
  code: 'file',
  summary: `the file is larger than ${MAX_FILE_BYTES / 1024 / 1024} MiB`,
  detail: 'Split it into several files, or check that the globs match only manifests.',
  line: 1,
  column: 1,
};

/** Characters that YAML 1.2 allows nowhere. Not every parser minds, and a terminal might obey them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/;

function controlCharacter(text: string, at: number): Finding {
  const before = text.slice(0, at).split('\n');
  const code = text.charCodeAt(at).toString(16).padStart(4, '0');
  return {
    code: 'yaml',
    summary: `the control character U+${code.toUpperCase()} is not allowed in YAML`,
    detail: `Remove it, or if it is meant write it as "\\u${code}" in double quotes. If this is not a text file, let the globs of the project file leave it out.`,
    line: before.length,
    column: (before.at(-1) ?? '').length + 1,
  };
}

/** Throws where a file is not UTF-8. Made once: there are thousands of files. */
const strict = new TextDecoder('utf-8', { fatal: true });

function notUtf8(bytes: Uint8Array): Finding {
  const offset = validPrefix(bytes);
  const lineStart = bytes.subarray(0, offset).lastIndexOf(LINE_FEED) + 1;
  let line = 1;
  for (let at = 0; at < lineStart; at += 1) if (bytes[at] === LINE_FEED) line += 1;
  return {
    code: 'file',
    summary: `the file is not UTF-8: byte ${offset + 1} belongs to no character`,
    detail:
      'Save the file as UTF-8. If it is not a text file, let the globs of the project file leave it out.',
    line,
    column: offset - lineStart + 1,
  };
}

const LINE_FEED = 10;

/** The number of leading bytes that are UTF-8, found by halving, since decoders do not say where they stopped. */
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
