import { describe, expect, it } from 'vitest';
import type { KindRules } from '../../src/model/vendor.js';
import { objectReferences, substituteSpec } from '../../src/plan/substitute.js';
import { rules } from '../support/kinds.js';

const nested: KindRules = {
  ...rules,
  fields: { ...rules.fields, credentials: { writeOnly: true, secrets: ['/apiKey/value', '/other'] } },
};
const by = {
  id: (reference: string) => `id of ${reference}`,
  secret: (reference: object) => `secret ${Object.values(reference)[0]}`,
};

describe('references', () => {
  it('are replaced where the rules say that one may stand', () => {
    const spec = {
      key: { fromEnv: 'A' },
      parent: { ref: 'Thing/one' },
      credentials: { kind: 'x', apiKey: { value: { fromFile: 'f' }, prefix: 'Bearer ' } },
    };
    expect(substituteSpec(spec, nested, by)).toEqual({
      key: 'secret A',
      parent: 'id of Thing/one',
      credentials: { kind: 'x', apiKey: { value: 'secret f', prefix: 'Bearer ' } },
    });
  });

  it('are left alone everywhere else: free-form data may look like one', () => {
    const spec = { options: { fromEnv: 'A', ref: 'Thing/one' }, labels: { ref: 'x' }, parent: 'an id' };
    expect(substituteSpec(spec, nested, by)).toEqual(spec);
    expect(objectReferences(spec, nested)).toEqual([]);
  });

  it('to other objects are found', () => {
    expect(objectReferences({ parent: { ref: 'Thing/one' }, key: { fromEnv: 'A' } }, nested)).toEqual([
      'Thing/one',
    ]);
  });
});
