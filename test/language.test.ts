import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Words that make a reader turn a sentence around before it says anything. */
const DIALECT =
  /\b(nobody|somebody|anybody|everybody|whoever|whatever|what is to be|stands? (?:for|here|there)|bears?|of ours|for want of)\b/i;
/** A comment that begins so describes a thing without its name. */
const NO_NOUN = /^\/?\*?\*?\s*(?:What|Whether)\b/;

const sources = ['src', 'scripts'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path}`)
    .filter((path) => /\.(ts|mjs|js)$/.test(path) && !/\.generated\./.test(path)),
);

const tests = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && path !== 'language.test.ts')
  .map((path) => `test/${path}`);

describe('the language of the sources', () => {
  it('has no dialect in comments and messages', () => {
    expect(
      prose()
        .filter(({ text }) => DIALECT.test(text))
        .map(placed),
    ).toEqual([]);
  });

  it('names in a comment the thing that it is about', () => {
    const comments = prose().filter(({ comment, text }) => comment && NO_NOUN.test(text));
    expect(comments.map(placed)).toEqual([]);
  });

  it('has no dialect in the names of tests', () => {
    const names = tests.flatMap((path) =>
      [
        ...readFileSync(join(root, path), 'utf8').matchAll(
          /\b(?:it|describe)(?:\.\w+)?(?:\([^'"`\n]*\))?\((['"`]).*\1/g,
        ),
      ].map(([name]) => `${path} ${name}`),
    );
    expect(names.length).toBeGreaterThan(1_000);
    expect(names.filter((name) => DIALECT.test(name.replaceAll('whatever', '')))).toEqual([]);
  });

  it('is looked for in comments, texts and templates', () => {
    const found = proseOf('x.ts', "/** One */ const a = 'two'; // three\nconst b = `four ${a} five`;");
    expect(found.map(({ text }) => text)).toEqual(['* One ', ' three', 'two', 'four ', ' five']);
    expect(DIALECT.test('which nobody allowed')).toBe(true);
    expect(NO_NOUN.test('* What came of it')).toBe(true);
    expect(prose().length).toBeGreaterThan(3_000);
  });
});

interface Prose {
  place: string;
  text: string;
  comment: boolean;
}

function prose(): Prose[] {
  return sources.flatMap((path) => proseOf(path, readFileSync(join(root, path), 'utf8')));
}

/** The comments and texts of a source. A text is found by its quotes, which is near enough: code has no dialect. */
function proseOf(path: string, source: string): Prose[] {
  const { comments } = parseSync(path, source);
  const at = (start: number) => `${path}:${source.slice(0, start).split('\n').length}`;
  let code = source;
  for (const { start, end } of comments)
    code = code.slice(0, start) + ' '.repeat(end - start) + code.slice(end);
  const texts = [...code.matchAll(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/gs)];
  return [
    ...comments.map(({ start, value }) => ({ place: at(start), text: value, comment: true })),
    ...texts.flatMap(({ index, 0: quoted }) =>
      quoted
        .slice(1, -1)
        .split(/\$\{[^}]*\}/)
        .filter((text) => text !== '')
        .map((text) => ({ place: at(index), text, comment: false })),
    ),
  ];
}

function placed({ place, text }: Prose): string {
  return `${place} ${text.trim().slice(0, 120)}`;
}
