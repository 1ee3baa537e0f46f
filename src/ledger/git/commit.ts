import type { Git } from '../../platform/git/git.js';

/** The text of a file in a commit, or undefined when it holds none. */
export async function readBlob(git: Git, commit: string, path: string): Promise<string | undefined> {
  const entry = entriesOf(await git.run(['ls-tree', '-z', '--full-tree', commit, '--', path]))[0];
  if (entry === undefined || entry.type !== 'blob') return undefined;
  return git.run(['cat-file', 'blob', entry.id]);
}

export interface NewCommit {
  /** The commit before it, whose other files are kept. */
  parent: string | undefined;
  path: string;
  text: string;
  message: string;
}

/** Makes a commit with one file changed, from objects alone: the work tree and the index are the user's. */
export async function createCommit(git: Git, { parent, path, text, message }: NewCommit): Promise<string> {
  const blob = await git.run(['hash-object', '-w', '--stdin'], { input: text });
  const root = parent === undefined ? undefined : `${parent}^{tree}`;
  const tree = await treeWith(git, root, path.split('/'), blob);
  return commitTree(git, tree, parent, message);
}

/** A commit without a file, whose message is all that it has to say. */
export async function createEmptyCommit(git: Git, message: string): Promise<string> {
  return commitTree(git, await git.run(['mktree'], { input: '' }), undefined, message);
}

export function readCommitMessage(git: Git, commit: string): Promise<string> {
  return git.run(['log', '-1', '--no-show-signature', '--format=%B', commit]);
}

async function commitTree(
  git: Git,
  tree: string,
  parent: string | undefined,
  message: string,
): Promise<string> {
  const parents = parent === undefined ? [] : ['-p', parent];
  return git.run(['commit-tree', tree, ...parents], { input: message, env: await identity(git) });
}

/** On a runner git has no user name, and would refuse to commit. */
async function identity(git: Git): Promise<Record<string, string>> {
  const known = await git.run(['config', '--get-regexp', '^user\\.(name|email)$']).catch(() => '');
  if (/^user\.name .*\S/m.test(known) && /^user\.email .*\S/m.test(known)) return {};
  return {
    GIT_AUTHOR_NAME: 'llmform',
    GIT_AUTHOR_EMAIL: 'llmform@localhost',
    GIT_COMMITTER_NAME: 'llmform',
    GIT_COMMITTER_EMAIL: 'llmform@localhost',
  };
}

async function treeWith(
  git: Git,
  base: string | undefined,
  [name = '', ...deeper]: readonly string[],
  blob: string,
): Promise<string> {
  const entries = base === undefined ? [] : entriesOf(await git.run(['ls-tree', '-z', '--full-tree', base]));
  const before = entries.find((entry) => entry.name === name && entry.type === 'tree');
  const own =
    deeper.length === 0
      ? { mode: '100644', type: 'blob', id: blob, name }
      : { mode: '040000', type: 'tree', id: await treeWith(git, before?.id, deeper, blob), name };
  const all = [...entries.filter((entry) => entry.name !== name), own];
  const input = all.map(({ mode, type, id, name: called }) => `${mode} ${type} ${id}\t${called}\0`).join('');
  return git.run(['mktree', '-z'], { input });
}

interface TreeEntry {
  mode: string;
  type: string;
  id: string;
  name: string;
}

function entriesOf(listing: string): TreeEntry[] {
  return [...listing.matchAll(/([0-7]+) (\w+) ([0-9a-f]+)\t([^\0]+)\0/g)].map(
    ([, mode = '', type = '', id = '', name = '']) => ({ mode, type, id, name }),
  );
}
