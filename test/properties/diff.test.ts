import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Baseline, createBaselines } from '../../src/diff/baseline.js';
import { sameValue } from '../../src/diff/compare-values.js';
import { diffObject, type ObjectDiff } from '../../src/diff/diff-object.js';
import { overlayIgnored } from '../../src/diff/ignore-changes.js';
import { appliedValues } from '../../src/diff/stored-values.js';
import { canonicalJson, isObject, type Json, type JsonObject } from '../../src/model/json.js';
import type { LedgerEntry } from '../../src/model/ledger.js';
import { formatPointer, parsePointer, valueAt } from '../../src/model/pointer.js';
import type { Live } from '../../src/model/vendor.js';
import { buildCreateRequest, buildUpdateRequest, canUpdateField } from '../../src/plan/requests.js';
import { check, printTally } from '../support/fuzz-runs.js';
import { openModel } from '../support/vendor-model.js';
import { MARK, reversedKeys, type Subject, subjects } from './subjects.js';

printTally('diff');

const OBJECTS = new Set(['anam LLM', 'goodmem LLM']);

describe.each(subjects)('$title: for all desired and live', (subject) => {
  const { kind, pair, spec } = subject;
  const { rules } = kind;

  it('sending the difference makes live what is desired, and then there is none', () => {
    check(
      fc.property(pair, fc.option(spec, { nil: undefined }), ({ desired, body }, previous) => {
        const live = kind.fromWire(body);
        const entry = previous && rememberedAs(previous, subject);
        const diff = diffObject(desired, live.spec, rules, memoryOf(desired, subject, entry));
        const after = carriedOut(subject, body, live, desired, diff);

        const again = diffObject(
          desired,
          after.spec,
          rules,
          memoryOf(desired, subject, rememberedAs(desired, subject)),
        );
        expect(again.changes).toEqual([]);
        expect([again.fields, again.maps]).toEqual([[], {}]);
        for (const [name, value] of Object.entries(desired)) {
          const rule = rules.fields[name];
          if (rule?.writeOnly || rule?.map) continue;
          expect([name, sameValue(rule?.form, value, after.spec[name])]).toEqual([name, true]);
        }
        for (const [name, rule] of Object.entries(rules.fields)) {
          if (rule.map === undefined || after.id !== live.id) continue;
          expect(theirsIn(after.spec[name])).toEqual(theirsIn(live.spec[name]));
        }
      }),
    );
  });

  it('nothing differs between an object and itself, with any mark', () => {
    check(
      fc.property(spec, fc.constantFrom(undefined, MARK, 'theirs/else/LLM/one'), (desired, mark) => {
        const { mark: place, fields } = rules;
        const body: JsonObject = {
          ...kind.toWire(withoutNullKeys(desired, subject)),
          [subject.idField]: 'live-1',
        };
        if (place !== undefined && mark !== undefined) {
          const map = body[place.field];
          body[place.field] = { ...(isObject(map) ? map : {}), [place.key]: mark };
        }
        const baseline = memoryOf(desired, subject, rememberedAs(desired, subject));
        expect(diffObject(desired, kind.fromWire(body).spec, { ...rules, fields }, baseline).changes).toEqual(
          [],
        );
      }),
    );
  });

  it('the mark is never a change, even when the ledger thinks it owns that key', () => {
    check(
      fc.property(pair, ({ desired, body }) => {
        const { mark } = rules;
        const pointer = mark && formatPointer([mark.field, mark.key]);
        const entry = rememberedAs(desired, subject);
        if (pointer !== undefined) Object.assign(entry.applied, { [pointer]: 'a digest' });
        const live = kind.fromWire(body);
        const diff = diffObject(desired, live.spec, rules, memoryOf(desired, subject, entry));
        expect(diff.changes.map(({ path }) => path)).not.toContain(pointer);
      }),
    );
  });

  it('the order of keys and undeclared fields do not matter', () => {
    check(
      fc.property(
        pair,
        fc.dictionary(fc.constantFrom('x-1', 'x-2', 'toString'), fc.string(), { noNullPrototype: true }),
        ({ desired, body }, more) => {
          const live = kind.fromWire(body).spec;
          const baseline = memoryOf(desired, subject, undefined);
          const one = diffObject(desired, live, rules, baseline);
          const two = diffObject(
            reversedKeys(desired) as JsonObject,
            { ...more, ...(reversedKeys(live) as JsonObject) },
            rules,
            baseline,
          );
          expect(summary(two)).toEqual(summary(one));
        },
      ),
    );
  });

  // Only objects have places that can be ignored while the field around them is managed.
  it.runIf(OBJECTS.has(subject.title))('what is ignored neither differs nor is overwritten', () => {
    check(
      fc.property(pair, fc.nat(), ({ desired, body }, choice) => {
        const live = kind.fromWire(body);
        const places = ignorable(desired, live.spec, subject);
        const pointer = places[choice % Math.max(1, places.length)];
        fc.pre(pointer !== undefined);
        const overlaid = overlayIgnored(desired, live.spec, [pointer], rules);
        const diff = diffObject(overlaid, live.spec, rules, memoryOf(overlaid, subject, undefined));
        expect(diff.changes.filter(({ path }) => path === pointer || path.startsWith(`${pointer}/`))).toEqual(
          [],
        );
        if (isReplaced(subject, overlaid, diff)) return;
        const after = carriedOut(subject, body, live, overlaid, diff);
        expect(valueAt(after.spec, parsePointer(pointer))).toEqual(valueAt(live.spec, parsePointer(pointer)));
      }),
    );
  });
});

const digest = (value: Json): string => canonicalJson(value);

function memoryOf(desired: JsonObject, { kind }: Subject, entry: LedgerEntry | undefined): Baseline {
  const writeOnly = Object.entries(desired).flatMap(([name, value]): [string, string][] =>
    kind.rules.fields[name]?.writeOnly ? [[name, digest(value)]] : [],
  );
  return createBaselines({ digest, writeOnly: new Map([['a', new Map(writeOnly)]]) }).of('a', entry);
}

function rememberedAs(spec: JsonObject, subject: Subject): LedgerEntry {
  const baseline = memoryOf(spec, subject, undefined);
  return {
    vendor: subject.vendor.id,
    id: 'live-1',
    applied: appliedValues(spec, subject.kind.rules, baseline),
  };
}

function isReplaced({ kind }: Subject, desired: JsonObject, diff: ObjectDiff): boolean {
  return diff.fields.some((field) => !canUpdateField(kind, field, desired[field]));
}

/** What the vendor has once the difference was sent: an update, or where none can say it, another object. */
function carriedOut(
  subject: Subject,
  body: JsonObject,
  live: Live,
  desired: JsonObject,
  diff: ObjectDiff,
): Live {
  const { kind, path, vendor } = subject;
  const model = openModel(vendor.id);
  model.collection(path).set(live.id, body);
  const request = isReplaced(subject, desired, diff)
    ? buildCreateRequest(kind, desired, MARK)
    : buildUpdateRequest(kind, live, { spec: desired, fields: diff.fields, maps: diff.maps }, MARK);
  expect(request === undefined).toBe(diff.changes.length === 0);
  if (request !== undefined) model.write(request);
  const stored = [...model.collection(path).values()].at(-1);
  return kind.fromWire(JSON.parse(JSON.stringify(stored)) as JsonObject);
}

/** A key declared as null is one that is not there. */
function withoutNullKeys(spec: JsonObject, { kind }: Subject): JsonObject {
  const result: JsonObject = {};
  for (const [name, value] of Object.entries(spec)) {
    const isMap = kind.rules.fields[name]?.map !== undefined && isObject(value);
    result[name] = isMap
      ? Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null))
      : value;
  }
  return result;
}

function theirsIn(map: Json | undefined): JsonObject {
  return Object.fromEntries(
    Object.entries(isObject(map) ? map : {}).filter(([key]) => key.startsWith('theirs-')),
  );
}

function summary({ changes, fields, maps, notPersisted }: ObjectDiff): Json {
  const texts = changes.map((change) => canonicalJson(change as unknown as Json)).sort();
  return [texts, [...fields].sort(), canonicalJson(maps as unknown as Json), [...notPersisted].sort()];
}

/** Places inside declared fields, in the live object or not, that the manifest does not declare. */
function ignorable(desired: JsonObject, live: JsonObject, { kind }: Subject): string[] {
  const mark = kind.rules.mark && formatPointer([kind.rules.mark.field, kind.rules.mark.key]);
  const names = Object.keys(desired).filter((name) => kind.rules.fields[name]?.writeOnly !== true);
  return names
    .flatMap((name) =>
      isObject(desired[name]) && isObject(live[name]) ? within([name], live[name], desired) : [],
    )
    .filter((pointer) => pointer !== mark);
}

function within(tokens: string[], live: JsonObject, desired: JsonObject): string[] {
  return Object.entries(live).flatMap(([key, value]) => {
    const path = [...tokens, key];
    const wanted = valueAt(desired, path);
    const own = wanted === undefined && key !== '' ? [formatPointer(path)] : [];
    // Where the manifest declares a text or a list, it leaves no room for the members of an object.
    const open = key !== '' && isObject(value) && (wanted === undefined || isObject(wanted));
    return open ? [...own, ...within(path, value, desired)] : own;
  });
}
