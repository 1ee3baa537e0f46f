import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Glob, literalName, parseGlob, type Segment } from '../../model/glob.js';
import { matchesGlobs, walkGlobs } from '../../model/glob-walk.js';
import type { PatternHint } from '../../model/unseen.js';

/** Looks for the reason why a pattern matches nothing in a folder. What cannot be read is passed over. */
export async function explainNoMatch(folder: string, glob: Glob): Promise<PatternHint> {
  const [branch = []] = glob.branches;
  const names = branch.map(literalName);
  const wild = names.indexOf(undefined);
  // The last name is that of a file, also where it has no wildcard.
  const above = names.slice(0, wild < 0 ? -1 : wild).flatMap((name) => name ?? []);
  for (const [depth, name] of above.entries()) {
    const before = above.slice(0, depth).join('/');
    const hint = await explainName(folder, before, name);
    if (hint !== undefined) return hint;
  }
  const base = above.join('/');
  const last = names.at(-1);
  if (wild < 0 && last !== undefined) {
    const entries = await list(join(folder, base));
    const there = entries.find((entry) => entry.name === last);
    const path = base === '' ? last : `${base}/${last}`;
    if (there?.isDirectory()) return { why: 'folder', folder: path };
    if (there !== undefined) return { why: isHidden(path) ? 'left-out' : 'excluded', found: path };
    const alike = alikeIn(entries, last);
    if (alike !== undefined)
      return { why: alike.why, found: base === '' ? alike.name : `${base}/${alike.name}` };
  }
  return explainFiles(await filesBelow(folder, base), glob, branch, base);
}

/** Why there is no folder of that name in another one; undefined if there is. */
async function explainName(folder: string, base: string, name: string): Promise<PatternHint | undefined> {
  const path = base === '' ? name : `${base}/${name}`;
  const entries = await list(join(folder, base));
  if (entries.some((entry) => entry.name === name)) {
    return isHidden(name) ? { why: 'left-out', found: path } : undefined;
  }
  const alike = alikeIn(entries, name);
  if (alike !== undefined)
    return { why: alike.why, found: base === '' ? alike.name : `${base}/${alike.name}` };
  return { why: 'missing', folder: path };
}

function alikeIn(
  entries: readonly { name: string }[],
  name: string,
): { why: 'composition' | 'case'; name: string } | undefined {
  const composed = entries.find((entry) => entry.name.normalize('NFC') === name.normalize('NFC'));
  if (composed !== undefined) return { why: 'composition', name: composed.name };
  const cased = entries.find((entry) => fold(entry.name) === fold(name));
  return cased && { why: 'case', name: cased.name };
}

function explainFiles(
  files: readonly string[],
  glob: Glob,
  branch: readonly Segment[],
  base: string,
): PatternHint {
  const nothing: PatternHint = { why: 'nothing', folder: base };
  const [composed, folded] = [changed(glob, (text) => text.normalize('NFC')), changed(glob, fold)];
  const excluded = files.find((path) => matchesGlobs([glob], path));
  if (excluded !== undefined) return { why: 'excluded', found: excluded };
  const hidden = files.find((path) => matchesAnywhere(glob, path));
  if (hidden !== undefined) return { why: 'left-out', found: hidden };
  const other = files.find((path) => composed && matchesGlobs([composed], path.normalize('NFC')));
  if (other !== undefined) return { why: 'composition', found: other };
  const cased = files.find((path) => folded && matchesGlobs([folded], fold(path)));
  if (cased !== undefined) return { why: 'case', found: cased };
  const visible = files.filter((path) => !isHidden(path));
  const name = branch.at(-1);
  const deeper = visible.find(
    (path) =>
      name !== undefined && matchesAnywhere({ ...glob, branches: [[name]] }, path.split('/').at(-1) ?? ''),
  );
  if (deeper !== undefined) return { why: 'deeper', found: deeper };
  const ending = visible.find((path) => /\.(ya?ml|json)$/i.test(path)) ?? visible[0];
  return ending === undefined ? nothing : { why: 'extension', found: ending };
}

/** As if names that begin with a dot were like others. */
function matchesAnywhere(glob: Glob, path: string): boolean {
  let walk = walkGlobs([glob]);
  for (const name of path.split('/')) walk = walk.enter(name);
  return walk.matched().length > 0;
}

function changed(glob: Glob, change: (text: string) => string): Glob | undefined {
  const parsed = parseGlob(change(glob.text));
  return 'fault' in parsed ? undefined : parsed;
}

function fold(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

function isHidden(path: string): boolean {
  return path.split('/').some((name) => name.startsWith('.') || name === 'node_modules');
}

/** Enough to find a reason, and few enough to be quick. */
const MOST_ENTRIES = 5_000;

/** Files below a folder, hidden ones too, as paths from the root. */
async function filesBelow(root: string, base: string): Promise<string[]> {
  const files: string[] = [];
  const folders = [base];
  let seen = 0;
  for (const folder of folders) {
    const entries = await list(join(root, folder));
    seen += entries.length;
    if (seen > MOST_ENTRIES) break;
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isFile()) files.push(path);
      else if (entry.isDirectory() && !['.git', 'node_modules', '.llmform'].includes(entry.name))
        folders.push(path);
    }
  }
  return files.sort();
}

async function list(folder: string) {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}
