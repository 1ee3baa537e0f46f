import type { Json } from '../../model/json.js';
import { MAX_DOCUMENTS, MAX_EXACT } from './limits.js';
import type { Position, Side } from './position.js';
import { type ExactDocument, readExact, type YamlProblem } from './read-exact.js';
import { readFast } from './read-fast.js';
import { type DocumentText, holdsMoreDocuments, splitDocuments } from './split-documents.js';
import { type Message, TOO_DEEP, TOO_LARGE, TOO_MANY } from './value-messages.js';

/** One document of a YAML text. Documents that say nothing are left out. */
export interface YamlDocument {
  value: Json;
  /** 1-based line of the document's first key, past comments and `---`. */
  line: number;
  /** The place of the value (or the key) at a JSON Pointer, or of the nearest thing around it. */
  locate(pointer: string, part?: Side): Position;
}

/** The documents of a YAML text: a broken document has problems and no value, the others are read all the same. */
export interface YamlText {
  documents: YamlDocument[];
  problems: YamlProblem[];
}

/**
 * Reads YAML 1.2 (core schema, plus `<<`). The only door to a YAML parser: a fast reader takes the plain documents,
 * an exact one everything else, and the positions that messages point at.
 */
export function readYaml(text: string): YamlText {
  const problems: YamlProblem[] = [];
  const documents = [...readDocuments(text, problems)];
  return { documents, problems };
}

/** The same one by one, for a text of thousands of documents that need not all be in memory. Problems are added to a list. */
export function* readDocuments(text: string, problems: YamlProblem[]): Generator<YamlDocument> {
  if (holdsMoreDocuments(text, MAX_DOCUMENTS)) {
    problems.push({ line: 1, column: 1, ...TOO_MANY });
    return;
  }
  for (const chunk of splitDocuments(text)) {
    if (saysNothing(chunk.text)) continue;
    const value = chunk.plain ? readFast(chunk.text) : undefined;
    if (value === undefined) yield* readExactly(chunk, problems);
    else if (value !== null) yield lazyDocument(value, chunk);
  }
}

/** Empty documents come by the thousand, and a parser takes a while for each. */
function saysNothing(text: string): boolean {
  return text.length < 200 && SAYS_NOTHING.test(text);
}

const SAYS_NOTHING = /^(?:---)?(?: *(?:#[^\n]*)?(?:\r?\n|$))*$/;

function* readExactly(chunk: DocumentText, problems: YamlProblem[]): Generator<YamlDocument> {
  const refusal = refusalOf(chunk.text);
  if (refusal !== undefined) {
    problems.push({ line: chunk.line, column: 1, ...refusal });
    return;
  }
  for (const exact of readExact(chunk.text, chunk.line)) {
    if (exact.problems.length > 0) problems.push(...exact.problems);
    else if (exact.value !== null) {
      yield { value: exact.value, line: exact.line, locate: exact.locate };
    }
  }
}

/** Refuses text for which the exact reader would use up the memory before it saw anything wrong. */
function refusalOf(text: string): Message | undefined {
  if (text.length > MAX_EXACT) return TOO_LARGE;
  return isNestedTooDeep(text) ? TOO_DEEP : undefined;
}

/** Brackets opened and not closed, or dashes in a row: a rough count, far above what any document may hold. */
function isNestedTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    if (depth > TOO_DEEP_PATTERN) return true;
  }
  return DASHES.test(text);
}

const TOO_DEEP_PATTERN = 1000;
const DASHES = /(?:[-?:] +){200}/;

/** Positions cost ten times as much as values, so they are found only when something is wrong. */
function lazyDocument(value: Json, chunk: DocumentText): YamlDocument {
  let exact: ExactDocument | undefined;
  const line = chunk.line + linesBeforeContent(chunk.text);
  return {
    value,
    line,
    locate(pointer, part) {
      if (refusalOf(chunk.text) !== undefined) return { line, column: 1 };
      exact ??= readExact(chunk.text, chunk.line)[0];
      return exact?.locate(pointer, part) ?? { line, column: 1 };
    },
  };
}

function linesBeforeContent(text: string): number {
  const before = /^(?:(?:---)?[ ]*(?:#[^\n]*)?\r?\n)*/.exec(text)?.[0] ?? '';
  return before.split('\n').length - 1;
}
