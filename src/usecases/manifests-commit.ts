import type { Project } from '../model/project.js';
import { mayBeInRepository } from '../platform/git/find-repository.js';
import { GitError, openGit } from '../platform/git/git.js';
import { filesMatching } from '../platform/git/tree.js';
import { parseGlobs } from './find-manifests.js';

/**
 * The commit that a project's files are of, with `-dirty` where the project file or a manifest is not as that commit has it.
 * Undefined where there is no repository, no commit, or no git.
 */
export async function findManifestsCommit(
  { folder, file, manifests }: Pick<Project, 'folder' | 'file' | 'manifests'>,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  if (!mayBeInRepository(folder, env)) return undefined;
  const git = openGit(folder, env, { timeoutMs: 10_000 });
  try {
    const [prefix = '', commit = ''] = (await git.run(['rev-parse', '--show-prefix', 'HEAD'])).split('\n');
    const places = [file, ...manifests.map(fixedPart)].map((path) => `:(literal)${path}`);
    const status = ['status', '--porcelain', '-z', '--no-renames', '--untracked-files=all'];
    const changed = (await git.run([...status, '--', ...places]))
      .split('\0')
      .map((line) => line.slice(3 + prefix.length))
      .filter((path) => path !== '');
    const files = changed.map((path) => ({ path, object: '', size: 0 }));
    const dirty = changed.includes(file) || filesMatching(files, parseGlobs(manifests)).length > 0;
    return dirty ? `${commit}-dirty` : commit;
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return undefined;
  }
}

/** The folder, or the file, that a pattern names before its first wildcard. */
function fixedPart(pattern: string): string {
  const names = pattern.split('/');
  const wild = names.findIndex((name) => /[*?[\]{}()!+@]/.test(name));
  const fixed = wild < 0 ? names : names.slice(0, wild);
  return fixed.length === 0 ? '.' : fixed.join('/');
}
