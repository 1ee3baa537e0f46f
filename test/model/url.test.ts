import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lookedUpHost } from '../../src/model/url.js';

describe('lookedUpHost', () => {
  it.each([
    ['https://аpi.openai.com/v1', 'xn--pi-6kc.openai.com'],
    ['https://%D0%B0pi.openai.com', 'xn--pi-6kc.openai.com'],
    ['аpi.openai.com', 'xn--pi-6kc.openai.com'],
    ['https://api.openai.com/v1', undefined],
    ['https://XN--PI-6KC.openai.com', undefined],
    ['https://api.openai.com/тест', undefined],
  ])('of %s is %s', (text, host) => {
    expect(lookedUpHost(text)).toBe(host);
  });

  it('is told for no text of visible ASCII, as parsers see it', () => {
    const unit = fc.constantFrom(
      ...Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i)),
      'xn--',
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 20 }), (rest) => {
        fc.pre(!rest.includes('%') && !/xn--/i.test(rest) && URL.canParse(`https://${rest}`));
        expect(new URL(`https://${rest}`).hostname).not.toContain('xn--');
        expect(lookedUpHost(`https://${rest}`)).toBeUndefined();
      }),
    );
  });
});
