import { isMap, isScalar, isSeq, type Node } from 'yaml';
import { parsePointer } from '../../model/pointer.js';
import type { Side } from './position.js';

/** The offset of what a JSON Pointer names, or of the nearest thing around it that is written down. */
export function locatePointer(root: Node | null, pointer: string, part: Side = 'value'): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  let keyOffset = offset;
  for (const token of parsePointer(pointer)) {
    const step = stepInto(node, token);
    if (step === undefined) break;
    keyOffset = step.keyOffset;
    offset = step.offset;
    node = step.node;
  }
  return part === 'key' ? keyOffset : offset;
}

function stepInto(
  node: unknown,
  token: string,
): { node: unknown; offset: number; keyOffset: number } | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(token)];
    const offset = startOf(item);
    return offset === undefined ? undefined : { node: item, offset, keyOffset: offset };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === token);
  const keyOffset = startOf(pair?.key);
  if (pair === undefined || keyOffset === undefined) return undefined;
  // An empty value has no place of its own: its key marks it.
  const empty = isScalar(pair.value) && pair.value.source === '';
  const offset = empty ? undefined : startOf(pair.value);
  return { node: pair.value, offset: offset ?? keyOffset, keyOffset };
}

function startOf(node: unknown): number | undefined {
  const range = (node as Node | null | undefined)?.range;
  return range?.[0];
}
