import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap } from 'yaml';
import { MAX_FILE_BYTES } from '../../model/file-limit.js';
import { isObject, type Json, type JsonObject } from '../../model/json.js';
import { formatPointer } from '../../model/pointer.js';
import { isForbiddenKey, isPlainNumber, MAX_DEPTH, oddSpaceAround } from './limits.js';
import * as words from './value-messages.js';

/** Something a document may not say, at an offset in its text. */
export interface NodeProblem extends words.Message {
  offset: number;
  path: string;
}

/**
 * The plain value of a parsed document: aliases and `<<` resolved, within limits. Ours rather than the parser's, which
 * takes time without bound for merges of merges.
 */
export function readValue(root: Node | null): { value: Json; problems: NodeProblem[] } {
  const reading: Reading = { anchors: new Map(), problems: [], size: 0, expanded: 0, path: [] };
  let value: Json = null;
  try {
    value = read(root, reading);
  } catch (problem) {
    if (problem !== STOP) throw problem;
  }
  return { value, problems: reading.problems };
}

interface Reading {
  /** The value of an anchor; `open` while the reader is inside it. */
  anchors: Map<string, { value: Json; size: number } | 'open'>;
  problems: NodeProblem[];
  /** Characters and nodes read so far, aliases written out. */
  size: number;
  /** The part of `size` that came out of aliases. */
  expanded: number;
  path: (string | number)[];
}

/** Thrown where reading on would be without end. */
const STOP = Symbol('stop');

function read(node: unknown, reading: Reading): Json {
  if (isAlias(node)) return readAlias(node, reading);
  if (!isMap(node) && !isSeq(node) && !isScalar(node)) return null;
  if (reading.path.length >= MAX_DEPTH) stop(node, words.TOO_DEEP, reading);
  if (node.tag !== undefined && !CORE_TAG.test(node.tag)) report(node, words.UNKNOWN_TAG, reading);
  const { anchor } = node;
  const before = reading.size;
  reading.size += 1;
  if (anchor !== undefined) reading.anchors.set(anchor, 'open');
  const value = isMap(node)
    ? readMap(node, reading)
    : isSeq(node)
      ? readItems(node.items, reading)
      : readScalar(node, reading);
  if (anchor !== undefined) reading.anchors.set(anchor, { value, size: reading.size - before });
  return value;
}

const CORE_TAG = /^(?:!|tag:yaml\.org,2002:(?:map|seq|str|null|bool|int|float))$/;

function readAlias(node: Alias, reading: Reading): Json {
  const target = reading.anchors.get(node.source);
  if (target === undefined) {
    report(node, words.UNKNOWN_ALIAS, reading);
    return null;
  }
  if (target === 'open') stop(node, words.CYCLIC_ALIAS, reading);
  reading.size += target.size;
  reading.expanded += target.size;
  // With its aliases written out, a document may hold as much as a file.
  if (reading.expanded > MAX_FILE_BYTES) stop(node, words.EXPLODING_ALIASES, reading);
  return target.value;
}

function readScalar(node: Scalar, reading: Reading): Json {
  const { value } = node;
  if (typeof value === 'string') {
    reading.size += value.length;
    return value;
  }
  if (typeof value === 'number') {
    if (isPlainNumber(value)) return value;
    report(node, Number.isFinite(value) ? words.LARGE_NUMBER : words.NOT_A_NUMBER, reading);
  }
  return typeof value === 'boolean' ? value : null;
}

function readItems(items: readonly unknown[], reading: Reading): Json[] {
  return items.map((item, index) => inside(index, reading, () => read(item, reading)));
}

function readMap(node: YAMLMap, reading: Reading): JsonObject {
  const result: JsonObject = {};
  const seen = new Set<string>();
  const merges: Json[] = [];
  for (const { key, value } of node.items) {
    if (!isScalar(key) || key.value === null) {
      report(isScalar(key) || isMap(key) || isSeq(key) || isAlias(key) ? key : node, words.ODD_KEY, reading);
      continue;
    }
    const name = String(key.value);
    const space = key.type === 'PLAIN' ? oddSpaceAround(name) : undefined;
    inside(name, reading, () => {
      if (space !== undefined) report(key, words.oddSpace(space), reading);
      else if (seen.has(name)) report(key, words.DUPLICATE_KEY, reading);
      else if (isForbiddenKey(name)) report(key, words.forbiddenKey(name), reading);
      seen.add(name);
      reading.size += name.length;
      const member = read(value, reading);
      if (name === '<<' && key.type === 'PLAIN') merges.push(...mergeSources(member, key, reading));
      else if (!isForbiddenKey(name)) result[name] = member;
    });
  }
  for (const source of merges) merge(source, result);
  return result;
}

function mergeSources(member: Json, key: Scalar, reading: Reading): Json[] {
  const sources = Array.isArray(member) ? member : [member];
  if (!sources.every(isObject)) report(key, words.BAD_MERGE, reading);
  return sources;
}

/** The map's own members win, then the first source that has the key. */
function merge(source: Json, into: JsonObject): void {
  if (!isObject(source)) return;
  for (const [name, member] of Object.entries(source)) {
    if (!Object.hasOwn(into, name)) into[name] = member;
  }
}

function inside<T>(step: string | number, reading: Reading, work: () => T): T {
  reading.path.push(step);
  const result = work();
  reading.path.pop();
  return result;
}

function report(node: Node, problem: words.Message, reading: Reading): void {
  reading.problems.push({ ...problem, offset: node.range?.[0] ?? 0, path: formatPointer(reading.path) });
}

function stop(node: Node, problem: words.Message, reading: Reading): never {
  report(node, problem, reading);
  throw STOP;
}
