import { describe, expect, it } from 'vitest';
import { crash, main } from '../../src/cli/main.js';
import { MASK_FAILED, MaskError } from '../../src/model/mask-error.js';
import type { Terminal } from '../../src/platform/process/terminal.js';
import { failureIn } from '../support/output-schemas.js';

/** A place to run in that breaks as nothing should. */
function broken(thrown: unknown = new TypeError('the floor is gone')) {
  let out = '';
  let err = '';
  const terminal: Terminal = {
    get cwd(): string {
      throw thrown;
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
    expect(err).toMatch(/^error\[internal\] a bug in llmform: TypeError at [\w/.-]+:\d+:\d+\n/);
    // What an error says may quote anything, secrets among it.
    expect(err).not.toContain('floor');
    expect(err).toContain('Please report it');
    expect(err).not.toContain('    at ');
  });

  it.each([
    ['a library', new SyntaxError('Invalid regular expression: /sk-openai-secret-1/')],
    [
      'a message that looks like a stack',
      new RangeError('x\n    at sk (/app/dist/sk-openai-secret-1.js:1:1)'),
    ],
    ['a name', Object.assign(new Error('x'), { name: 'sk-openai-secret-1', code: 'sk-openai-secret-1' })],
    ['no error at all', 'sk-openai-secret-1'],
  ])('says nothing that comes from %s', async (_, thrown) => {
    for (const flags of [[], ['--log-level', 'debug'], ['--format', 'json']]) {
      const { terminal, printed } = broken(thrown);
      expect(await main(['plan', ...flags], terminal)).toBe(1);
      expect(crash(thrown, flags, terminal)).toBe(1);
      const { out, err } = printed();
      expect(out + err).toContain('a bug in llmform: ');
      expect(out + err).not.toContain('sk-openai');
    }
  });

  it('is one fixed sentence, and nothing else, where secrets cannot be masked', async () => {
    for (const flags of [[], ['--log-level', 'debug'], ['--format', 'markdown']]) {
      const { terminal, printed } = broken(new MaskError());
      expect(await main(['plan', ...flags], terminal)).toBe(1);
      expect(printed()).toEqual({ out: '', err: `${MASK_FAILED}\n` });
    }
    const { terminal, printed } = broken(new MaskError());
    await main(['plan', '--format', 'json'], terminal);
    expect(printed().err).toBe('');
    expect(failureIn(printed().out)).toEqual([{ severity: 'error', code: 'internal', summary: MASK_FAILED }]);
  });

  it('does not throw once more where the terminal is what is broken', () => {
    const { terminal } = broken();
    const out = () => {
      throw new Error('EIO');
    };
    expect(crash(new Error('x'), [], Object.assign(terminal, { out, err: out }))).toBe(1);
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
      expect(printed().err).toMatch(/^TypeError, llmform \S+, node \S+\n( {4}at [\w/.-]+:\d+:\d+\n)+/);
      expect(printed().err).not.toContain('floor');
      expect(printed().out).not.toContain('    at ');
    },
  );
});
