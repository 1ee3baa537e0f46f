import { createHash } from 'node:crypto';
import { mkdir, realpath, rm, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Unseen } from '../../model/unseen.js';
import { isInsideFolder } from '../fs/inside-folder.js';
import { createBareRepository } from './bare-repository.js';
import { GitError, type GitLimits, openGit } from './git.js';
import { parseGitRemote } from './remote.js';
import { isAllowedSubmodule, resolveSubmoduleUrl, shownHost } from './submodule-address.js';

/** A commit in a bare repository, and the address that the repository came from. */
interface TreeSource {
  repository: string;
  url: string;
  commit: string;
}

interface FillSettings {
  /** For the repositories of submodules. */
  folder: string;
  env: Readonly<Record<string, string | undefined>>;
  limits: GitLimits;
  /** Hosts beside the repository's own that submodules may come from; undefined fetches none. */
  hosts: readonly string[] | undefined;
}

/** Repositories can name each other, and each fetch takes its time. */
const MOST_SUBMODULES = 50;

/**
 * Writes the files of a commit, those of its submodules too where they may be fetched. Links that lead out of `place` are
 * dropped: nothing outside of it becomes part of the project. Returns what is not there. Throws `GitError`.
 */
export async function fillTree(place: string, source: TreeSource, settings: FillSettings): Promise<Unseen[]> {
  const missing: Unseen[] = [];
  const links: string[] = [];
  const open = [{ ...source, prefix: '' }];
  let fetched = 0;
  for (const tree of open) {
    const entries = await writeTree(join(place, tree.prefix), `${place}.index`, tree, settings);
    links.push(...entries.filter(({ mode }) => mode === '120000').map(({ path }) => tree.prefix + path));
    const gitlinks = entries.filter(({ mode }) => mode === '160000');
    const urls = gitlinks.length === 0 ? new Map() : await submoduleUrls(tree, settings);
    for (const { path, object } of gitlinks) {
      const prefix = `${tree.prefix}${path}/`;
      const at = tree.prefix + path;
      const named = urls.get(path);
      const url = named === undefined ? undefined : resolveSubmoduleUrl(tree.url, named);
      const { hosts } = settings;
      if (hosts === undefined || url === undefined) missing.push({ what: 'submodule', place: at });
      else if (!isAllowedSubmodule(url, source.url, hosts))
        missing.push({ what: 'submodule', place: at, refused: shownHost(url) });
      else {
        fetched += 1;
        if (fetched > MOST_SUBMODULES)
          throw new GitError('failed', `the commit has more than ${MOST_SUBMODULES} submodules`);
        open.push({ ...(await fetchSubmodule(url, object, settings)), prefix });
      }
    }
  }
  // Only now: a link may lead into a submodule.
  return [...missing, ...(await dropLinksOutside(place, links))];
}

interface TreeEntry {
  mode: string;
  object: string;
  path: string;
}

async function writeTree(
  place: string,
  index: string,
  { repository, commit }: TreeSource,
  { env, limits }: FillSettings,
): Promise<TreeEntry[]> {
  await mkdir(place, { recursive: true });
  // These win over the commit's own: no filter of the machine runs, and files are as in git.
  await mkdir(join(repository, 'info'), { recursive: true });
  await writeFile(join(repository, 'info', 'attributes'), ATTRIBUTES);
  const here = { ...env, GIT_DIR: repository, GIT_WORK_TREE: place, GIT_INDEX_FILE: index };
  const git = openGit(place, here, limits);
  try {
    await git.run(['read-tree', commit]);
    await git.run(['checkout-index', '--all', '--force', '--quiet']);
    const listed = await git.run(['ls-files', '--stage', '-z']);
    return listed.split('\0').flatMap((line) => {
      const [, mode = '', object = '', path = ''] = /^(\d+) ([0-9a-f]+) [^\t]*\t(.+)$/s.exec(line) ?? [];
      return path === '' ? [] : [{ mode, object, path }];
    });
  } finally {
    await rm(index, { force: true });
  }
}

const ATTRIBUTES = '* -filter -text -eol -ident -working-tree-encoding\n';

/** The addresses that a commit gives its submodules, by path. */
async function submoduleUrls(
  { repository, commit }: TreeSource,
  { env, limits }: FillSettings,
): Promise<Map<string, string>> {
  const git = openGit(repository, { ...env, GIT_DIR: '.' }, limits);
  const wanted = '^submodule\\..*\\.(path|url)$';
  const read = ['config', '--blob', `${commit}:.gitmodules`, '--null', '--get-regexp', wanted];
  const listed = await git.run(read).catch(() => '');
  const modules = new Map<string, { path?: string; url?: string }>();
  for (const entry of listed.split('\0')) {
    const [, name = '', member, value] = /^submodule\.(.*)\.(path|url)\n(.*)$/s.exec(entry) ?? [];
    if (member !== undefined) modules.set(name, { ...modules.get(name), [member]: value });
  }
  return new Map(
    [...modules.values()].flatMap(({ path, url }) =>
      path === undefined || url === undefined ? [] : [[path, url] as const],
    ),
  );
}

async function fetchSubmodule(
  address: string,
  commit: string,
  { folder, env, limits }: FillSettings,
): Promise<TreeSource> {
  const remote = parseGitRemote(address, env);
  const name = createHash('sha256').update(remote.url).digest('hex').slice(0, 16);
  const repository = join(folder, 'submodules', name);
  const variables = { ...env, ...remote.env };
  await createBareRepository(repository, remote.url, variables, limits);
  const git = openGit(repository, { ...variables, GIT_DIR: '.' }, limits);
  const isHere = () =>
    git.run(['cat-file', '-e', `${commit}^{commit}`]).then(
      () => true,
      () => false,
    );
  const fetch = ['fetch', '--quiet', '--no-tags', '--no-recurse-submodules', '--no-auto-gc'];
  if (!(await isHere())) {
    // A server need not give a commit that no branch ends with.
    await git
      .run([...fetch, '--depth=1', 'origin', commit])
      .catch(() => git.run([...fetch, 'origin', '+refs/heads/*:refs/heads/*']));
    if (!(await isHere()))
      throw new GitError(
        'failed',
        `${shownHost(address)} has no commit ${commit.slice(0, 12)} of the submodule`,
      );
  }
  return { repository, url: remote.url, commit };
}

async function dropLinksOutside(place: string, links: readonly string[]): Promise<Unseen[]> {
  const root = await realpath(place);
  const dropped: Unseen[] = [];
  for (const link of links) {
    const real = await realpath(join(place, link)).catch(() => undefined);
    if (real !== undefined && isInsideFolder(real, root)) continue;
    await unlink(join(place, link)).catch(() => undefined);
    dropped.push({ what: 'link', place: link, leads: real === undefined ? 'nowhere' : 'outside' });
  }
  return dropped;
}
