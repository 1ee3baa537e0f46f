/** The id of a target's section: safe in markup, addresses and selectors, and different for different names. */
export function fragmentId(target: string): string {
  return `t-${target.replace(/[^a-z0-9-]/gu, (character) => `_${character.codePointAt(0)?.toString(16)}_`)}`;
}
