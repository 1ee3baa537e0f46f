import type { MapPatch } from '../diff/map-patch.js';
import { hideExposed } from '../model/exposed-secrets.js';
import { isObject, type Json, type JsonObject } from '../model/json.js';
import type { Change, FieldChange } from '../model/plan.js';
import { parsePointer, valueAt } from '../model/pointer.js';
import { isMarkStep, isWanted, type Step } from './step.js';

/*
 * A vendor may hold keys in URLs and secrets in maps in the open: a plan does not show them. It shows every text of a
 * manifest under any name: otherwise its author could choose what a reviewer cannot see.
 */

/**
 * The change of a step as a plan may show it; its requests are made of `redactStep`. The fingerprint is made before, so
 * that it covers what is hidden here.
 */
export function redactChange({ change, manifest }: Step): Change {
  return { ...change, fields: change.fields.map((field) => redactField(field, manifest?.spec)) };
}

/** A step whose requests are only looked at: what comes from the live object is without its secrets. */
export function redactStep(step: Step): Step {
  if (isMarkStep(step) && step.live !== undefined)
    return { ...step, live: { ...step.live, spec: redactSpec(step.live.spec, {}) } };
  if (!isWanted(step)) return step;
  const { spec } = step.manifest;
  const desired = redactSpec(step.desired, spec);
  if (step.action === 'create') return { ...step, desired };
  const live = { ...step.live, spec: redactSpec(step.live.spec, spec) };
  const maps = Object.entries(step.maps).map(([field, patch]): [string, MapPatch] => {
    const own = spec[field];
    return [field, { ...patch, set: redactSpec(patch.set, isObject(own) ? own : {}) }];
  });
  return { ...step, desired, live, maps: Object.fromEntries(maps) };
}

function redactField(
  { before, after, last, ...field }: FieldChange,
  spec: JsonObject | undefined,
): FieldChange {
  const tokens = parsePointer(field.path);
  const own = valueAt(spec, tokens);
  const shown = (name: 'before' | 'after' | 'last', value: Json | undefined) =>
    value === undefined ? {} : { [name]: hideExposed(tokens.at(-1) ?? '', value, own) };
  return { ...field, ...shown('before', before), ...shown('after', after), ...shown('last', last) };
}

function redactSpec(values: JsonObject, own: JsonObject): JsonObject {
  const shown = Object.entries(values).map(([name, value]): [string, Json] => [
    name,
    hideExposed(name, value, valueAt(own, [name])),
  ]);
  return Object.fromEntries(shown);
}
