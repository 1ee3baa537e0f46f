import { describe, expect, it } from 'vitest';
import { suggest } from '../../src/manifest/suggest.js';

describe('suggest', () => {
  const known = ['displayName', 'description', 'modelName', 'id'];
  it.each([
    ['display_name', 'displayName'],
    ['DISPLAYNAME', 'displayName'],
    ['dispayName', 'displayName'],
    ['modelname', 'modelName'],
    ['descripton', 'description'],
  ])('%s was meant to be %s', (word, meant) => expect(suggest(word, known)).toBe(meant));

  it('says nothing where nothing is close', () => {
    expect(suggest('temperature', known)).toBeUndefined();
    expect(suggest('xy', ['ab'])).toBeUndefined();
    expect(suggest('x', [])).toBeUndefined();
  });
});
