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
  /** More files of the commit; one without a text is removed. */
  others?: readonly ChangedFile[];
}

/** A file as a commit is to have it. */
export interface ChangedFile {
  path: string;
  text?: string;
}

/** Makes a commit with some files changed, from objects alone: the work tree and the index are the user's. */
export async function createCommit(
  git: Git,
  { parent, path, text, message, others = [] }: NewCommit,
): Promise<string> {
  let tree = parent === undefined ? undefined : `${parent}^{tree}`;
  for (const file of [...others, { path, text }]) {
    const blob =
      file.text === undefined
        ? undefined
        : await git.run(['hash-object', '-w', '--stdin'], { input: file.text });
    tree = await treeWith(git, tree, file.path.split('/'), blob);
  }
  return commitTree(git, tree ?? (await emptyTree(git)), parent, message);
}

/** A commit without a file, whose message is all that it has to say. */
export async function createEmptyCommit(git: Git, message: string): Promise<string> {
  return commitTree(git, await emptyTree(git), undefined, message);
}

function emptyTree(git: Git): Promise<string> {
  return git.run(['mktree'], { input: '' });
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

/** The tree with one file changed, or removed where there is no blob; undefined where nothing is left. */
async function treeWith(
  git: Git,
  base: string | undefined,
  [name = '', ...deeper]: readonly string[],
  blob: string | undefined,
): Promise<string | undefined> {
  const entries = base === undefined ? [] : entriesOf(await git.run(['ls-tree', '-z', '--full-tree', base]));
  const before = entries.find((entry) => entry.name === name && entry.type === 'tree');
  const [mode, type] = deeper.length === 0 ? ['100644', 'blob'] : ['040000', 'tree'];
  const id = deeper.length === 0 ? blob : await treeWith(git, before?.id, deeper, blob);
  const own = id === undefined ? [] : [{ mode, type, id, name }];
  const all = [...entries.filter((entry) => entry.name !== name), ...own];
  if (all.length === 0) return undefined;
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
