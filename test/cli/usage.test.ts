import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { failureIn } from '../support/output-schemas.js';
import { llmform } from '../support/run-cli.js';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

describe('help and version', () => {
  it('says what llmform is, its commands, examples and exit codes, and fits a narrow terminal', async () => {
    const { code, out, err } = await llmform(['--help']);
    expect(code).toBe(0);
    expect(err).toBe('');
    expect(out).toContain("Plan and apply for LLM configurations that live behind vendors' HTTP APIs.");
    for (const command of ['validate', 'plan', 'apply', 'watch', 'emulate', 'demo']) {
      expect(out).toMatch(new RegExp(`^  ${command} .*[a-z]`, 'm'));
    }
    for (const exit of [0, 1, 2, 3, 4, 130]) expect(out).toMatch(new RegExp(`^  ${exit} +\\S`, 'm'));
    expect(longest(out)).toBeLessThanOrEqual(80);
  });

  it.each([
    ['validate', ['--config', '--format', '--quiet', '--log-level', '--no-color', '--target']],
    [
      'plan',
      ['--out', '--detailed-exitcode', '--prune', '--adopt', '--trust-secrets', '--config', '--format'],
    ],
    [
      'apply',
      [
        '[file]',
        '--auto-approve',
        '--fingerprint',
        '--prune',
        '--adopt',
        '--max-delete <n>',
        '--max-delete-percent',
        '--max-update-percent',
        '--target',
      ],
    ],
    ['watch', ['--mode', '--interval', '--once', '--approve', '--git', '--ref', '--listen', '--state-dir']],
    ['suspend', ['<target>', '--reason', '--config', '--state-dir']],
    ['resume', ['<target>', '--config', '--state-dir']],
    ['emulate', ['[vendor...]', '--port']],
    ['demo', ['--keep']],
  ])('explains %s with its purpose, flags and an example', async (command, flags) => {
    const { code, out } = await llmform([command, '--help']);
    expect(code).toBe(0);
    expect(out).toMatch(/^Usage: llmform \w+ .*\n\n[A-Z]/);
    for (const flag of flags) expect(out).toContain(flag);
    if (command !== 'demo') expect(out).toContain(`Examples:\n  llmform ${command}`);
    expect(out).not.toMatch(/default: (false|\[\])/);
    expect(longest(out)).toBeLessThanOrEqual(80);
    expect((await llmform(['help', command])).out).toBe(out);
  });

  it('prints its version, and nothing else', async () => {
    for (const flag of ['--version', '-V']) {
      expect(await llmform([flag])).toEqual({ code: 0, out: `${version}\n`, err: '' });
    }
  });

  it('shows the help, as an error, where the command is missing', async () => {
    const { code, out, err } = await llmform([]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^Usage: llmform <command>/);
  });
});

describe('mistakes on the command line', () => {
  it.each([
    ['an unknown command', ['vlidate'], ["unknown command 'vlidate'", 'Did you mean validate?']],
    ['help for an unknown command', ['help', 'plann'], ["unknown command 'plann'", 'Did you mean "plan"?']],
    ['an unknown flag', ['plan', '--formt', 'text'], ["unknown option '--formt'", 'Did you mean --format?']],
    ['a flag before the command', ['--prune', 'plan'], ["unknown option '--prune'", 'after the command']],
    ['a format there is not', ['plan', '-f', 'yaml'], ["'yaml' is invalid", 'text, json, markdown.']],
    [
      'a level there is not',
      ['plan', '--log-level', 'loud'],
      ["'loud' is invalid", 'error, warn, info, debug'],
    ],
    ['a flag without its value', ['plan', '--config'], ["'-c, --config <file>' argument missing"]],
    ['a number that is none', ['apply', '--max-delete', 'all'], ["'all' is invalid", 'a whole number']],
    ['a negative number', ['apply', '--max-delete=-1'], ["'-1' is invalid", 'a whole number']],
    ['no fingerprint', ['apply', '--fingerprint', 'abc'], ["'abc' is invalid", 'llmform plan prints it']],
    ['an argument too many', ['plan', 'anam'], ['too many arguments', '--target NAME']],
    ['a port beyond the last', ['emulate', '-p', '70000'], ["'70000' is invalid", '65535']],
    ['an unknown emulator', ['emulate', 'anan'], ['there is no emulator of "anan"', 'Did you mean "anam"?']],
  ])('%s', async (_what, args, words) => {
    const { code, out, err } = await llmform(args);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    for (const word of words) expect(err).toContain(word);
    expect(err).toMatch(/^error\[(usage|unknown)\] /);
    expect(err).toMatch(/\n1 error\n$/);
    expect(err).not.toContain('    at ');
  });

  it('names the help of the command that was called', async () => {
    expect((await llmform(['apply', '--bogus'])).err).toContain('See llmform apply --help.');
    expect((await llmform(['--bogus'])).err).toContain('See llmform --help.');
  });

  it.each([
    [['plan', '--bogus', '--format', 'json']],
    [['plan', '--format=json', '--log-level', 'loud']],
    [['apply', '-fjson', '--max-delete', 'x']],
    [['plan', '-qf', 'json', 'extra']],
    [['--format', 'json', 'plan']],
    [['vlidate', '-f', 'json']],
  ])('are JSON where JSON was asked for: %j', async (args) => {
    const { code, out, err } = await llmform(args);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(failureIn(out)).toEqual([expect.objectContaining({ severity: 'error', code: 'usage' })]);
  });
});

function longest(text: string): number {
  return Math.max(...text.split('\n').map((line) => line.length));
}
