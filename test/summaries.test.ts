import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { mistakeIn, phrasesIn, signaturesIn } from './support/summaries.js';

const root = fileURLToPath(new URL('../src', import.meta.url));
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !/\.(d|generated)\.ts$/.test(path))
  .filter((path) => !path.startsWith('emulator/'))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

const shared = new Map(
  sources.flatMap(({ path, text }) =>
    [...signaturesIn(path, text)].filter(([name]) => new RegExp(`export function ${name}\\b`).test(text)),
  ),
);
const phrases = sources.flatMap(({ path, text }) =>
  phrasesIn(path, text, new Map([...shared, ...signaturesIn(path, text)])).map((phrase) => ({
    path,
    ...phrase,
  })),
);

describe('the summaries in src', () => {
  it('can follow each other after a colon: lower case, no full stop, one line', () => {
    const wrong = phrases.flatMap(({ path, line, text }) => {
      const mistake = mistakeIn(text);
      return mistake === undefined ? [] : [`src/${path}:${line} ${mistake}: ${text}`];
    });
    expect(wrong).toEqual([]);
  });

  it('are found, however they are written', () => {
    expect(shared.get('error')).toBe(1);
    expect(shared.get('warning')).toBe(1);
    expect(phrases.length).toBeGreaterThan(180);
  });

  it('become diagnostics by error() and warning(), or by remark() where there is a place in a file', () => {
    const wrong = sources.filter(
      ({ path, text }) =>
        /severity: '(error|warning)',\s*code:/.test(text) && !/^(model|manifest)\//.test(path),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });
});

const SOURCE = `
function refuse(summary: string, detail: string) {}
const wrong = (name: string, summary: string) => refuse(summary, '');
refuse(name === '' ? 'Nothing.' : \`Unknown \${name}\`, 'A detail.');
wrong('Name', 'Bad ' + 'words');
const summary = given ?? 'Given';
throw new VendorError('code', 'Broken.');
export const it = { summary: 'Member' };
`;

describe('the search for summaries', () => {
  it('knows arguments, variables, members, messages, and each of two', () => {
    const found = phrasesIn('a.ts', SOURCE, signaturesIn('a.ts', SOURCE));
    expect(found).toEqual([
      { line: 4, text: 'Nothing.' },
      { line: 4, text: 'Unknown …' },
      { line: 5, text: 'Bad words' },
      { line: 6, text: 'Given' },
      { line: 7, text: 'Broken.' },
      { line: 8, text: 'Member' },
    ]);
  });

  it.each(['Unknown field', 'the end.', 'two\nlines', 'open:', '', ' x', "It's x", 'The file x'])(
    'refuses %j',
    (text) => expect(mistakeIn(text)).toBeDefined(),
  );

  it.each([
    'unknown field',
    '… is missing',
    '"x" refers to nothing',
    'Anam documents no way',
    'ANAM_API_KEY is not set',
    'Anam-prod/LLM/x is left alone',
    'apiVersion is missing',
    '--prune deletes nothing',
    'anam-prod: it is kept',
  ])('takes %j', (text) => expect(mistakeIn(text)).toBeUndefined());
});
