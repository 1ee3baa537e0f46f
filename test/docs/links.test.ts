import { existsSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Element, htmlOf, isElement, nodesOf, textOf } from '../support/rendered.js';
import { pages, readPage, root } from './pages.js';

const elements = (page: string): Element[] =>
  nodesOf(htmlOf(readPage(page)))
    .map(({ node }) => node)
    .filter(isElement);
const attribute = ({ attrs }: Element, name: string) => attrs.find((one) => one.name === name)?.value ?? '';

/** Links and pictures of a page, as they are written. */
function linksOf(page: string): string[] {
  return elements(page).flatMap((element) => {
    if (element.tagName === 'a') return attribute(element, 'href');
    return element.tagName === 'img' ? attribute(element, 'src') : [];
  });
}

/** The anchors that GitHub gives to the headings of a page. */
function anchorsOf(page: string): string[] {
  const seen = new Map<string, number>();
  return elements(page)
    .filter(({ tagName }) => /^h[1-6]$/.test(tagName))
    .map((heading) => {
      const slug = textOf(heading)
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-');
      const count = seen.get(slug) ?? 0;
      seen.set(slug, count + 1);
      return count === 0 ? slug : `${slug}-${count}`;
    });
}

/** The file of the repository that a relative link leads to. */
function fileOf(page: string, link: string): string {
  return relative(root, join(root, dirname(page), decodeURI(link.split('#')[0] ?? '')));
}

const isRelative = (link: string) => !/^[a-z]+:/.test(link);

describe('the links of the documentation', () => {
  it.each(pages)('%s: lead to files and headings that exist', (page) => {
    const broken = linksOf(page)
      .filter(isRelative)
      .filter((link) => {
        const file = link.startsWith('#') ? page : fileOf(page, link);
        if (file.startsWith('..') || !existsSync(join(root, file))) return true;
        const [, anchor] = link.split('#');
        return anchor !== undefined && !anchorsOf(file).includes(anchor);
      });
    expect(broken).toEqual([]);
  });

  it('are encrypted where they lead elsewhere', () => {
    const elsewhere = pages.flatMap(linksOf).filter((link) => !isRelative(link));
    expect(elsewhere.filter((link) => !link.startsWith('https://'))).toEqual([]);
  });

  it('reach every page from the index', () => {
    const reached = new Set(['docs/README.md']);
    for (const page of reached)
      for (const link of linksOf(page).filter(isRelative)) {
        const file = link.startsWith('#') ? page : fileOf(page, link);
        if (file.startsWith('docs/') && file.endsWith('.md')) reached.add(file);
      }
    expect(pages.filter((page) => page.startsWith('docs/') && !reached.has(page))).toEqual([]);
  });

  it('describe every picture, and each picture is small', () => {
    for (const page of pages)
      for (const image of elements(page).filter(({ tagName }) => tagName === 'img')) {
        expect(attribute(image, 'alt')).toMatch(/\w+ \w+/);
        const { size } = statSync(join(root, fileOf(page, attribute(image, 'src'))));
        expect(size).toBeLessThan(120_000);
      }
  });
});
