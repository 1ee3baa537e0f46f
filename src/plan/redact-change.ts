import { hideExposed, namesSecret } from '../model/exposed-secrets.js';
import { type Json, sameJson } from '../model/json.js';
import type { Change, FieldChange, PlannedRequest } from '../model/plan.js';
import { parsePointer } from '../model/pointer.js';

/**
 * A change as a plan may show it: without the keys in URLs and the secrets in maps that a vendor holds in the open.
 */
export function redactChange(change: Change): Change {
  return { ...change, fields: change.fields.map(shownField), requests: change.requests.map(shownRequest) };
}

function shownField(field: FieldChange): FieldChange {
  const { before, after, last, ...rest } = field;
  const name = parsePointer(field.path).at(-1) ?? '';
  if (namesSecret(name) && [before, after].some((value) => typeof value === 'string'))
    return { ...rest, sensitive: true };
  const was = hidden(name, before);
  const is = hidden(name, after);
  // What differs only in what is hidden would look like no change at all.
  const alike = was !== undefined && is !== undefined && sameJson(was, is) && !sameJson(before, after);
  return {
    ...rest,
    ...some('before', was),
    ...some('after', alike ? hidden(name, after, '(sensitive, changed)') : is),
    ...some('last', hidden(name, last)),
  };
}

function shownRequest({ body, ...request }: PlannedRequest): PlannedRequest {
  return body === undefined ? request : { ...request, body: hideExposed('', body) };
}

function hidden(name: string, value: Json | undefined, placeholder?: string): Json | undefined {
  return value === undefined ? undefined : hideExposed(name, value, placeholder);
}

function some(name: 'before' | 'after' | 'last', value: Json | undefined): Partial<FieldChange> {
  return value === undefined ? {} : { [name]: value };
}
