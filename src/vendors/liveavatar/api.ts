import { isObject, type Json, type JsonObject } from '../../model/json.js';
import { expectObject, expectObjects, firstString } from '../../model/parse-answer.js';
import type { Answer } from '../../model/vendor.js';

/**
 * Answers come as `{ code, data, message }`. Success is the HTTP status and the presence of `data`, never
 * `code`: the documentation says 100, the vendor's web SDK 1000 (liveavatar.com API 0.1.0, read 2026-11).
 */
export function dataOf(answer: Answer, what: string): JsonObject {
  return expectObject(expectObject(answer.body, what).data, `${what}: data`);
}

export function listOf(answer: Answer, what: string): JsonObject[] {
  return expectObjects(expectObject(answer.body, what).data, `${what}: data`);
}

/**
 * A 422 is declared as `{ detail: [{ loc, msg, input, ctx }] }`, and the vendor's own code also looks for
 * `data[0].message`, `error` and `message`. `input` may echo a secret: it is never read.
 */
export function errorMessage(body: Json | undefined): string | undefined {
  if (!isObject(body)) return undefined;
  const details = Array.isArray(body.detail) ? body.detail.flatMap(detailText) : [];
  if (details.length > 0) return details.join('; ');
  const first = Array.isArray(body.data) ? body.data[0] : undefined;
  return firstString(first, ['message']) ?? firstString(body, ['detail', 'message', 'error']);
}

function detailText(item: Json): string[] {
  const message = firstString(item, ['msg']);
  if (!isObject(item) || message === undefined) return [];
  const place = Array.isArray(item.loc) ? item.loc.filter((part) => part !== 'body').join('.') : '';
  return [place === '' ? message : `${place}: ${message}`];
}
