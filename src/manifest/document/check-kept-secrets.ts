import { formatPath } from '../../model/format-path.js';
import { isObject, type JsonObject } from '../../model/json.js';
import { isKeep } from '../../model/kept-secrets.js';
import { formatPointer, parsePointer, valueAt } from '../../model/pointer.js';
import type { Kind } from '../../model/vendor.js';
import type { DocumentFinding } from '../yaml/findings.js';

/** Warnings of members beside a kept secret: they are not sent either, which nothing else would show. */
export function checkKeptSecrets(spec: JsonObject, { rules }: Kind): DocumentFinding[] {
  return Object.entries(spec).flatMap(([field, value]) =>
    (rules.fields[field]?.secrets ?? []).flatMap((pointer): DocumentFinding[] => {
      const tokens = parsePointer(pointer);
      const around = tokens.length === 0 ? undefined : valueAt(value, tokens.slice(0, -1));
      const name = tokens.at(-1) ?? '';
      if (!isObject(around) || !isKeep(around[name])) return [];
      const others = Object.keys(around).filter((other) => other !== name);
      if (others.length === 0) return [];
      const place = formatPath(`/spec${formatPointer([field])}`);
      return [
        {
          severity: 'warning',
          code: 'schema',
          summary: `${place} is kept as a whole: ${others.join(', ')} beside { keep: true } is not sent`,
          detail: `It is sent whole or not at all. Write "${field}: { keep: true }", or where its secret comes from.`,
          path: `/spec${formatPointer([field])}`,
          part: 'key',
        },
      ];
    }),
  );
}
