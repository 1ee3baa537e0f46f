/**
 * The end of a switch over a union. It does not compile where a member has no case of its own; a value from outside, which
 * no type has checked, throws.
 */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
