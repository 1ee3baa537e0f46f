import { describe, expect, it } from 'vitest';
import { manifestOf, readSchema, strictAjv } from './documents.js';

const schema = readSchema('manifest');
const validate = strictAjv().compile(schema);

describe('the schema for editors', () => {
  it('stands alone: every reference points into it', () => {
    const references = [...JSON.stringify(schema).matchAll(/"\$ref":"([^"]+)"/g)].map(([, target]) => target);
    const inside = Object.keys(schema.$defs ?? {}).map((name) => `#/$defs/${name}`);
    expect(references.length).toBeGreaterThan(0);
    expect(references.filter((target) => !inside.includes(target ?? ''))).toEqual([]);
  });

  it.each([
    ['acme/LLM', '/vendor', 'enum'],
    ['anam/Agent', '/kind', 'enum'],
    // A kind of another vendor.
    ['anam/Secret', '/kind', 'enum'],
  ])('does not know %s', (name, instancePath, keyword) => {
    expect(validate(manifestOf(name, {}, { id: '42' }))).toBe(false);
    expect(validate.errors).toContainEqual(expect.objectContaining({ instancePath, keyword }));
  });

  it("does not take one vendor's fields for another's", () => {
    expect(validate(manifestOf('anam/LLM', { modelName: 'gpt-4o' }, { id: '42' }))).toBe(true);
    expect(validate(manifestOf('liveavatar/LLM', { modelName: 'gpt-4o' }, { id: '42' }))).toBe(false);
  });
});
