import { isObject } from './json.js';

/**
 * A plain value with every text in it replaced, names of members too. Two names that become one are kept apart, so that
 * nothing is left out.
 */
export function mapText(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === 'string') return replace(value);
  if (Array.isArray(value)) return value.map((item) => mapText(item, replace));
  if (typeof value !== 'object' || value === null) return value;
  const made = new Map<string, unknown>();
  for (const [name, member] of Object.entries(value)) {
    const base = replace(name);
    let unique = base;
    for (let n = 2; made.has(unique); n += 1) unique = `${base} ${n}`;
    made.set(unique, mapText(member, replace));
  }
  return Object.fromEntries(made);
}

/** Calls `visit` with every text in a plain value, names of members too. */
export function forEachText(value: unknown, visit: (text: string) => void): void {
  if (typeof value === 'string') visit(value);
  else if (Array.isArray(value)) for (const item of value) forEachText(item, visit);
  else if (isObject(value)) {
    for (const name of Object.keys(value)) {
      visit(name);
      forEachText(value[name], visit);
    }
  }
}
