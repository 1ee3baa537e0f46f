import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { root } from './scratch.js';

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const text = readFileSync(join(root, 'README.md'), 'utf8');

const relative = targetsIn(text).filter((target) => !/^[a-z]+:/.test(target));

describe('links in the README', () => {
  // npm shows the README, and turns relative links and pictures into addresses below `repository`.
  it('have a repository to resolve to', () => {
    const { url } = manifest.repository;
    const [, home] = /^git\+(https:\/\/github\.com\/[\w-]+\/[\w-]+)\.git$/.exec(url) ?? [];
    expect(home).toBeDefined();
    expect(manifest.homepage).toBe(`${home}#readme`);
    expect(manifest.bugs).toEqual({ url: `${home}/issues` });
  });

  it('lead to what is committed', async () => {
    const { stdout } = await execa('git', ['ls-files'], { cwd: root });
    const committed = stdout.split('\n');
    const paths = relative.map((target) => decodeURIComponent(target.replace(/#.*/, '')));
    expect(paths.filter((path) => path !== '').length).toBeGreaterThan(0);
    const known = (path: string) =>
      path === '' ||
      committed.some((file) => file === path || file.startsWith(`${path.replace(/\/$/, '')}/`));
    expect(paths.filter((path) => !known(path))).toEqual([]);
  });

  it('lead to headings that there are', () => {
    const lost = relative.filter((target) => {
      const [, path = '', heading] = /^(|[^#]*\.md)#(.+)$/.exec(target) ?? [];
      if (heading === undefined) return false;
      return !headingsIn(path === '' ? text : readFileSync(join(root, path), 'utf8')).includes(heading);
    });
    expect(lost).toEqual([]);
  });
});

/** Of links, pictures and definitions of links, in Markdown and in HTML. */
function targetsIn(markdown: string): string[] {
  const links = /\]\(([^)\s]+)|^\[[^\]]+\]: +(\S+)|\b(?:href|src|srcset)="([^"\s]+)/gm;
  return [...prose(markdown).matchAll(links)].map(([, link, defined, attribute]) =>
    String(link ?? defined ?? attribute),
  );
}

/** Without code, where brackets are not links. */
function prose(markdown: string): string {
  return markdown.replace(/^```.*?^```/gms, '').replace(/`[^`\n]*`/g, '');
}

/** The anchors that GitHub makes of headings. */
function headingsIn(markdown: string): string[] {
  const titles = markdown.replace(/^```.*?^```/gms, '').matchAll(/^#+ +(.+)$/gm);
  return [...titles].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{Letter}\p{Number}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}
