import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { emulatedVendors } from '../../src/emulator/index.js';
import { SAMPLE, SOAK } from './counts.js';

it('walks as many sequences as the page on reliability says', () => {
  const page = readFileSync(new URL('../../docs/reliability.md', import.meta.url), 'utf8');
  const all = ({ file, git }: typeof SOAK) => emulatedVendors.length * (file + git);
  expect(all(SAMPLE)).toBeGreaterThanOrEqual(50);
  expect(all(SOAK)).toBeGreaterThanOrEqual(1_000);
  expect(page).toContain(`${all(SOAK).toLocaleString('en')} random sequences`);
  expect(page).toContain(`${all(SAMPLE)} of these sequences`);
});
