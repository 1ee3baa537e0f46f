import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import type { Terminal } from '../../src/io/terminal.js';
import { failureIn } from './schemas.js';

/** A place to run in that breaks as nothing should. */
function broken() {
  let out = '';
  let err = '';
  const terminal: Terminal = {
    get cwd(): string {
      throw new TypeError('the floor is gone');
    },
    env: {},
    out: (text) => {
      out += text;
    },
    command: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    color: false,
    errorColor: false,
    width: undefined,
    live: false,
    confirm: undefined,
    onInterrupt: () => () => undefined,
  };
  return { terminal, printed: () => ({ out, err }) };
}

describe('a mistake in llmform itself', () => {
  it('is one line that asks to report it, without a stack trace', async () => {
    const { terminal, printed } = broken();
    expect(await main(['plan'], terminal)).toBe(1);
    const { out, err } = printed();
    expect(out).toBe('');
    expect(err).toContain(
      'error[internal] something in llmform itself went wrong: TypeError: the floor is gone',
    );
    expect(err).toContain('Please report it');
    expect(err).not.toContain('    at ');
  });

  it('is JSON where JSON was asked for', async () => {
    const { terminal, printed } = broken();
    expect(await main(['plan', '--format', 'json'], terminal)).toBe(1);
    const { out, err } = printed();
    expect(failureIn(out)).toEqual([expect.objectContaining({ code: 'internal' })]);
    expect(err).toBe('');
  });

  it.each([[['--log-level', 'debug']], [['--log-level=debug', '--format=json']]])(
    'shows where it happened with %j, on the error stream',
    async (flags) => {
      const { terminal, printed } = broken();
      expect(await main(['plan', ...flags], terminal)).toBe(1);
      expect(printed().err).toMatch(/^TypeError: the floor is gone\n {4}at /);
      expect(printed().out).not.toContain('    at ');
    },
  );
});
