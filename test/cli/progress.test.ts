import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProgress } from '../../src/cli/progress.js';
import { VendorError } from '../../src/model/vendor-error.js';
import { capturingTerminal } from '../support/terminal.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const CLEAR = '\r\u001b[K';
const down = new VendorError('server', 'the vendor failed (HTTP 503)');

function progressOn(live: boolean, flags: { quiet?: boolean; logLevel?: 'info' | 'warn' } = {}) {
  const terminal = capturingTerminal({ cwd: '/', env: {}, live });
  const progress = createProgress(terminal, { quiet: false, logLevel: 'info', ...flags });
  return { progress, err: () => terminal.printed().err };
}

describe('the wait for a target', () => {
  it('is one line of a terminal that is rewritten and goes away', async () => {
    const { progress, err } = progressOn(true);
    const end = progress.wait({ name: 'anam-prod' }, down);
    await vi.advanceTimersByTimeAsync(12_000);
    const shown = err().split(CLEAR);
    expect(shown.at(1)).toBe('waiting for anam-prod, 0 s');
    expect(shown.at(-1)).toBe('waiting for anam-prod, 12 s');
    end(true);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(err()).not.toContain('\n');
    expect(err().endsWith(`12 s${CLEAR}`)).toBe(true);
  });

  it('names every target that is waited for', async () => {
    const { progress, err } = progressOn(true);
    const first = progress.wait({ name: 'a' }, down);
    await vi.advanceTimersByTimeAsync(2_000);
    const second = progress.wait({ name: 'b' }, down);
    expect(err().split(CLEAR).at(-1)).toBe('waiting for a, 2 s; b, 0 s');
    first(true);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(err().split(CLEAR).at(-1)).toBe('waiting for b, 1 s');
    second(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is two lines in a pipe', async () => {
    const { progress, err } = progressOn(false);
    const end = progress.wait({ name: 'anam-prod' }, down);
    await vi.advanceTimersByTimeAsync(12_000);
    end(true);
    expect(err()).toBe(
      'waiting for anam-prod: the vendor failed (HTTP 503)\nanam-prod answers again (12 s)\n',
    );
  });

  it.each([{ quiet: true }, { logLevel: 'warn' as const }])('is not shown with %o', async (flags) => {
    for (const live of [true, false]) {
      const { progress, err } = progressOn(live, flags);
      progress.wait({ name: 'anam-prod' }, down)(true);
      expect(err()).toBe('');
    }
  });
});
