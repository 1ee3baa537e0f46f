import type { Manifest } from '../model/manifest.js';
import { parsePointer } from '../model/pointer.js';
import type { Kind, Live } from '../model/vendor.js';

/** The fields that manifests have beyond the schema of their kind. Fields inside of others are read with these. */
export function unknownFields(manifests: readonly Manifest[]): string[] {
  const names = manifests.flatMap(({ allowUnknown }) =>
    allowUnknown
      .map(parsePointer)
      .flatMap(([name, ...within]) => (within.length === 0 && name ? [name] : [])),
  );
  return [...new Set(names)];
}

/**
 * A kind whose objects have these fields too, as the vendor's answer has them. An answer may hold secrets beside its fields,
 * so what is left of it is dropped here, where it was read.
 */
export function withUnknownFields(kind: Kind, names: readonly string[]): Kind {
  const { list, read, rules } = kind;
  const wanted = names.filter((name) => rules.fields[name] === undefined);
  const taken = ({ body = {}, ...live }: Live): Live => {
    const more = wanted.filter((name) => Object.hasOwn(body, name) && !Object.hasOwn(live.spec, name));
    if (more.length === 0) return live;
    const members = Object.entries(body).filter(([name]) => more.includes(name));
    return { ...live, spec: { ...live.spec, ...Object.fromEntries(members) } };
  };
  return {
    ...kind,
    list: async (send) => (await list.call(kind, send)).map(taken),
    ...(read !== undefined && { read: async (send, id) => taken(await read.call(kind, send, id)) }),
  };
}
