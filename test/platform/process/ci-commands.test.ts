import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stripCommands, stripHashCommands } from '../../../src/platform/process/ci-commands.js';

/** Whether a runner would obey something in a text: GitHub's `TryParseV2` and `TryParse`, and those of Azure and TeamCity. */
function isObeyed(text: string): boolean {
  return text.split(/\r\n|\r|\n/).some((line) => {
    const trimmed = line.replace(/^[\s\u0085]+/, '');
    return trimmed.startsWith('::') || /##[a-z]*\[/i.test(line);
  });
}

describe('text for a log that a CI system reads', () => {
  it.each([
    ['::error::x', '\\u003a:error::x'],
    ['fine\n   ::stop-commands::t', 'fine\n   \\u003a:stop-commands::t'],
    ['\u00a0\u3000\u0085::x::', '\u00a0\u3000\u0085\\u003a:x::'],
    ['\r::x::\r\n::y::', '\r\\u003a:x::\r\n\\u003a:y::'],
    ['say ##[error]no', 'say \\u0023#[error]no'],
    ['###vso[task.setvariable]', '#\\u0023#vso[task.setvariable]'],
    ['##teamcity[buildStatus]', '\\u0023#teamcity[buildStatus]'],
    [':::', '\\u003a::'],
  ])('loses the command in %j', (text, plain) => {
    expect(isObeyed(text)).toBe(true);
    expect(stripCommands(text)).toBe(plain);
  });

  it.each(['std::string', 'a: ::1', '## Heading [link]', '#[x]', '"::x"', ''])(
    'leaves %j as it is',
    (text) => {
      expect(stripCommands(text)).toBe(text);
    },
  );

  it('holds no command, whatever it is made of', () => {
    const piece = fc.constantFrom(
      ':',
      '::',
      '#',
      '##',
      '[',
      ']',
      '\n',
      '\r',
      ' ',
      '\t',
      '\u0085',
      'vso',
      'x',
      '\\',
    );
    const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));
    fc.assert(fc.property(text, (hostile) => !isObeyed(stripCommands(hostile))));
  });

  it('means the same as JSON', () => {
    const piece = fc.constantFrom(':', '::', '#', '##', '[', '\n', '\\', '"', 'vso', ' ');
    const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
    const value = fc.dictionary(text, fc.array(text));
    fc.assert(
      fc.property(value, (document) => {
        const shown = stripCommands(JSON.stringify(document, null, 2));
        expect(isObeyed(shown)).toBe(false);
        expect(JSON.parse(shown)).toEqual({ ...document });
      }),
    );
  });

  it('takes no longer for long text', { timeout: 5_000 }, () => {
    for (const part of [' ', '\n', '#', ':', '##a', '\u2028', '\t\u0085'])
      stripCommands(part.repeat(500_000));
  });
});

it('leaves commands of our own, and takes out what another system would obey within them', () => {
  expect(stripHashCommands('::error file=a::b ##vso[task.complete]\n')).toBe(
    '::error file=a::b \\u0023#vso[task.complete]\n',
  );
});
