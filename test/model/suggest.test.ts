import { describe, expect, it } from 'vitest';
import { suggestWord } from '../../src/model/suggest.js';

describe('suggest', () => {
  const known = ['displayName', 'description', 'modelName', 'id'];
  it.each([
    ['display_name', 'displayName'],
    ['DISPLAYNAME', 'displayName'],
    ['dispayName', 'displayName'],
    ['modelname', 'modelName'],
    ['descripton', 'description'],
  ])('%s was meant to be %s', (word, meant) => expect(suggestWord(word, known)).toBe(meant));

  it('says nothing where nothing is close', () => {
    expect(suggestWord('temperature', known)).toBeUndefined();
    expect(suggestWord('xy', ['ab'])).toBeUndefined();
    expect(suggestWord('x', [])).toBeUndefined();
  });
});
