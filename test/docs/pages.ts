import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** A fenced block of a page. */
export interface Block {
  page: string;
  /** Of its first fence, from 1 on. */
  line: number;
  /** The first word after the fence, such as `sh`. */
  language: string;
  /** The other words, such as `no-run needs a cluster`. */
  words: string;
  text: string;
}

/** Every page that people write, as paths from the root. */
export const pages: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => `docs/${path}`)
    .sort(),
];

export function readPage(page: string): string {
  return readFileSync(join(root, page), 'utf8');
}

export function blocksOf(page: string): Block[] {
  const text = readPage(page);
  return [...text.matchAll(/^```([a-z]*) *(.*)\n([^]*?)^```$/gm)].map((found) => {
    const [, language = '', words = '', body = ''] = found;
    const line = text.slice(0, found.index).split('\n').length;
    return { page, line, language, words, text: body };
  });
}

export const allBlocks: readonly Block[] = pages.flatMap(blocksOf);

export function placeOf({ page, line }: Block): string {
  return `${page}:${line}`;
}

/** The file that a block shows: its first line says which, as in `# llms/support.yaml`. */
export function fileOf({ text }: Block): string | undefined {
  return /^# ([\w./-]+\.ya?ml)\n/.exec(text)?.[1];
}
