import type { Plan } from '../model/plan.js';

/** A plain value with secrets taken out of every text in it. Names of members stay. */
export function masked<T>(value: T, mask: (text: string) => string): T {
  return walk(value, mask) as T;
}

/**
 * A plan with secrets taken out of the values in it. Before it is shown: a report cuts, compares and escapes values, and
 * what is left of a secret then, nobody finds any more.
 */
export function maskedPlan(plan: Plan, mask: (text: string) => string): Plan {
  const changes = plan.changes.map((change) => ({
    ...change,
    fields: change.fields.map(({ before, after, last, ...field }) => ({
      ...field,
      ...masked(present({ before, after, last }), mask),
    })),
    requests: change.requests.map(({ body, ...request }) => ({
      ...request,
      ...masked(present({ body }), mask),
    })),
  }));
  return { ...plan, changes };
}

function present<T extends object>(members: { [Name in keyof T]: T[Name] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function walk(value: unknown, mask: (text: string) => string): unknown {
  if (typeof value === 'string') return mask(value);
  if (Array.isArray(value)) return value.map((item) => walk(item, mask));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, walk(member, mask)]));
}
