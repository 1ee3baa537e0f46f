/**
 * The members of an object that have a value. For optional members, which are absent or have a value and are never
 * `undefined`: `{ path, ...defined({ before, after }) }`.
 */
export function defined<T extends object>(members: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]?: Exclude<T[Name], undefined>;
  };
}
