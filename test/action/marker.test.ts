import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasKey, type PostMarker, readMarker, writeMarker } from '../../src/action/marker.js';

const marker = fc.record<PostMarker>({
  v: fc.constant(1),
  cmd: fc.constantFrom('plan', 'drift', 'fork'),
  config: fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('-->', '--!>', '<!--', '--->', 'a\nb')),
  targets: fc.array(fc.string()),
  head: fc.string(),
  plan: fc.string(),
  truncated: fc.boolean(),
  state: fc.constantFrom('planned', 'partial', 'refused', 'applied', 'failed'),
});

describe('the marker', () => {
  it('is one line that says what it was told, and ends where it should', () => {
    fc.assert(
      fc.property(marker, (value) => {
        const line = writeMarker(value);
        expect(line).not.toMatch(/\n|--.*--.*--/);
        expect(line.indexOf('-->')).toBe(line.length - 3);
        expect(readMarker(`${line}\ntext`)).toEqual(value);
        expect(readMarker(`${line}\r\ntext`)).toEqual(value);
        expect(hasKey(readMarker(line), value)).toBe(true);
      }),
    );
  });

  it('of a plan is neither that of an issue of drift nor that of a plan for a fork', () => {
    fc.assert(
      fc.property(marker, (value) => {
        const others = (['plan', 'drift', 'fork'] as const).filter((cmd) => cmd !== value.cmd);
        const found = readMarker(writeMarker(value));
        expect(others.map((cmd) => hasKey(found, { ...value, cmd }))).toEqual([false, false]);
      }),
    );
  });

  it('counts on the first line only, whole, and in the shape that we write', () => {
    const good = writeMarker({
      v: 1,
      cmd: 'plan',
      config: 'llmform.yaml',
      targets: [],
      head: 'a',
      plan: 'b',
      truncated: false,
      state: 'planned',
    });
    expect(readMarker(good)).toBeDefined();
    const bad = [
      '',
      ` ${good}`,
      `\n${good}`,
      good.slice(0, -1),
      good.replace('"v":1', '"v":2'),
      good.replace('"plan","config"', '"apply","config"'),
      good.replace('[]', '"anam"'),
      good.replace('"planned"', '"approved"'),
      '<!-- llmform null -->',
    ];
    expect(bad.map(readMarker).filter((found) => found !== undefined)).toEqual([]);
    expect(readMarker(good.replace('"truncated":false,', ''))?.truncated).toBe(true);
  });
});
