import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodingsOf } from '../../../src/platform/secrets/secret-forms.js';
import { createSecretIndex } from '../../../src/platform/secrets/secret-index.js';

const secrets = fc.array(fc.string({ unit: fc.constantFrom('a', 'B', '1', '/', ' ', 'é'), minLength: 16 }), {
  minLength: 1,
  maxLength: 3,
});

/** Texts that hold whole forms, parts of forms, and characters of forms, wherever that falls. */
const cases = secrets.chain((all) => {
  const forms = all.filter((one) => one.trim().length > 15).flatMap(encodingsOf);
  const part = fc
    .tuple(fc.constantFrom('', ...forms), fc.nat({ max: 20 }), fc.nat({ max: 3 }))
    .map(([form, from, cut]) => form.slice(from % 3 === 0 ? 0 : from, form.length - cut));
  const text = fc.array(fc.oneof(part, fc.constantFrom(...forms, 'a', 'B', '1', ' '))).map((p) => p.join(''));
  return fc.record({ forms: fc.constant(forms), all: fc.constant(all), text });
});

describe('what the index finds', () => {
  it('is what a search for each form at each place finds', () => {
    fc.assert(
      fc.property(cases, ({ all, forms, text }) => {
        const index = createSecretIndex();
        for (const secret of all) index.add(secret);
        const found = index.find(text).map(({ start, end }) => ({ start, end }));
        expect(found).toEqual(findEverywhere(text, forms));
      }),
      { numRuns: 500 },
    );
  });
});

/** Of a form longer than 64 characters, so many are enough. */
function findEverywhere(text: string, forms: readonly string[]): { start: number; end: number }[] {
  const hits: { start: number; end: number }[] = [];
  for (let start = 0; start < text.length; start += 1) {
    const ends = forms
      .filter((form) => text.startsWith(form.slice(0, 64), start))
      .map((form) => start + sameLength(text.slice(start), form));
    if (ends.length === 0) continue;
    const end = Math.max(...ends);
    hits.push({ start, end });
    start = end - 1;
  }
  return hits;
}

function sameLength(text: string, form: string): number {
  let length = 0;
  while (length < form.length && text[length] === form[length]) length += 1;
  return length;
}
