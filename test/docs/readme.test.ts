import { describe, expect, it } from 'vitest';
import { blocksOf, pages, readPage } from './pages.js';

const readme = readPage('README.md');

describe('the README', () => {
  it('has at most 1,200 words', () => {
    expect(readme.trim().split(/\s+/).length).toBeLessThanOrEqual(1_200);
  });

  it('begins with the two commands, each after npm ci', () => {
    const [first] = blocksOf('README.md');
    expect(first?.text).toMatch(/^npm ci && npm run demo .*\nnpm ci && npm test .*\n$/);
    expect(first?.line).toBeLessThan(10);
  });

  it('shows a plan, a comment and the page', () => {
    for (const name of ['plan', 'comment', 'watch']) expect(readme).toContain(`(docs/images/${name}.png)`);
  });
});

describe('the language of the documentation', () => {
  /** What only this project used to say; design decisions and pages have plain words for all of it. */
  const DIALECT =
    /\b(nobody|somebody|anybody|everybody|whoever|whatever it is|what is to be|stands for|of ours|bears)\b/i;

  it.each(pages)('%s: is plain English', (page) => {
    const lines = readPage(page).split('\n');
    expect(lines.filter((line) => DIALECT.test(line))).toEqual([]);
  });
});
