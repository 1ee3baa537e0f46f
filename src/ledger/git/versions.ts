import { type Git, GitError } from '../../platform/git/git.js';

/** A version of a ledger that a commit holds. */
export interface CommittedVersion {
  lineage: string;
  serial: number;
  commit: string;
}

/** A file in the history of some commits. */
export interface FileHistory {
  /** As git takes it, relative to the folder that it runs in. */
  pathspec: string;
  /** Looked through, these and all before them. */
  tips: readonly string[];
  /** Looked through already. */
  known: readonly string[];
}

/** The newest versions of a file: its serial only grows, so that the highest is among them. */
const MOST_VERSIONS = 50;
/** A ledger of 10,000 objects takes some megabytes. */
const AT_ONCE = 10;

/** The versions of a ledger file in commits, as far as the clone has them. None where git cannot tell. */
export async function findCommittedVersions(git: Git, history: FileHistory): Promise<CommittedVersion[]> {
  try {
    const blobs = [...(await listBlobs(git, history))];
    const found: CommittedVersion[] = [];
    for (let at = 0; at < blobs.length; at += AT_ONCE) {
      found.push(...(await readVersions(git, blobs.slice(at, at + AT_ONCE))));
    }
    return found;
  } catch (error) {
    // A history that is cut off, or damaged, is as far as the clone goes.
    if (error instanceof GitError) return [];
    throw error;
  }
}

/** Commits that branches, tags and the work tree stand on, newest first. */
export async function findTips(git: Git): Promise<string[]> {
  const format = '--format=%(objecttype) %(objectname) %(*objectname)';
  const [head, refs] = await Promise.all([
    git.run(['rev-parse', '--verify', '--quiet', 'HEAD']).catch(() => ''),
    git.run(['for-each-ref', '--sort=-creatordate', `--count=${MOST_TIPS}`, format]).catch(() => ''),
  ]);
  const ofRefs = refs.split('\n').flatMap((line) => {
    const [type, id, peeled] = line.split(' ');
    return (type === 'commit' ? id : peeled) || [];
  });
  return [...new Set([head, ...ofRefs])].filter((id) => id !== '');
}

const MOST_TIPS = 300;

/** Tells if git tracks a file of the folder that it runs in. */
export async function isTracked(git: Git, name: string): Promise<boolean> {
  const listed = await git.run(['ls-files', '--error-unmatch', '--', `:(literal)${name}`]).catch(() => '');
  return listed !== '';
}

/** The commit that a ref of this clone stands on. */
export async function findCommit(git: Git, ref: string): Promise<string | undefined> {
  return (
    (await git.run(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]).catch(() => '')) || undefined
  );
}

/** The blobs that a file ever was, each with a commit that holds it. */
async function listBlobs(git: Git, { pathspec, tips, known }: FileHistory): Promise<Map<string, string>> {
  const listing = await git.run([
    ...['-c', 'log.showRoot=true', '-c', 'log.showSignature=false', 'log'],
    ...['--ignore-missing', '--full-history', '-m', '--raw', '--no-abbrev', '--no-renames', '--format=%H'],
    ...[`--max-count=${MOST_VERSIONS}`, ...tips],
    ...(known.length === 0 ? [] : ['--not', ...known]),
    ...['--', pathspec],
  ]);
  const blobs = new Map<string, string>();
  let commit = '';
  for (const line of listing.split('\n')) {
    if (/^[0-9a-f]{40,64}$/.test(line)) commit = line;
    const [, blob] = /^:\d+ 100\d+ [0-9a-f]+ ([0-9a-f]+) /.exec(line) ?? [];
    if (blob !== undefined && !blobs.has(blob)) blobs.set(blob, commit);
  }
  return blobs;
}

async function readVersions(git: Git, blobs: readonly [string, string][]): Promise<CommittedVersion[]> {
  const input = blobs.map(([blob]) => `${blob}\n`).join('');
  const answer = Buffer.from(await git.bytes(['cat-file', '--batch'], { input }));
  let at = 0;
  return blobs.flatMap(([, commit]) => {
    const line = answer.indexOf('\n', at) + 1;
    const [, size] = /^[0-9a-f]+ blob (\d+)\n$/.exec(answer.toString('latin1', at, line)) ?? [];
    at = line + (size === undefined ? 0 : Number(size) + 1);
    const version = size === undefined ? undefined : versionIn(answer.toString('utf8', line, at));
    return version === undefined ? [] : [{ ...version, commit }];
  });
}

/** The numbers of a ledger's text alone: hundreds of ledgers are not worth being read as a whole. */
function versionIn(text: string): Omit<CommittedVersion, 'commit'> | undefined {
  const [, lineage] = /"lineage"\s*:\s*"([^"\\]+)"/.exec(text) ?? [];
  const [, serial] = /"serial"\s*:\s*(\d{1,15})\b/.exec(text) ?? [];
  return lineage === undefined || serial === undefined ? undefined : { lineage, serial: Number(serial) };
}
