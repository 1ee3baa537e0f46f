import { readlinkSync } from 'node:fs';

/**
 * The namespace that the numbers of processes belong to, in words of the system: a container has one of its own. Undefined
 * where the system has none, or does not say.
 */
export function processNamespace(): string | undefined {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return undefined;
  }
}

/** Tells if it is the one that a machine starts with. Its number is fixed in Linux. */
export function isInitialNamespace(namespace: string): boolean {
  return namespace === 'pid:[4026531836]';
}
