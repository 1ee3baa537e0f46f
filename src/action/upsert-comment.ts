import { type GitHub, GitHubError, type GitHubPost } from '../platform/github/github.js';
import { hasKey, type PostKey, type PostMarker, readMarker, writeMarker } from './marker.js';
import { COMMENT_LIMITS, MARKER_ROOM } from './post-layout.js';

/** A post in the making: what it says of itself, and its text within so many characters. */
export type PostDraft = (limit: number) => { marker: PostMarker; text: string };

/** The parts of GitHub's API that keeping a comment needs. */
export type CommentApi = Pick<GitHub, 'login' | 'comments' | 'comment' | 'editComment' | 'minimize'>;

/**
 * Our own comments with a key, oldest first. A marker alone proves nothing, since any user may write one: only posts of
 * the account that the token speaks as count.
 */
export async function findOwnComments(github: CommentApi, pull: number, key: PostKey): Promise<GitHubPost[]> {
  const [login, comments] = await Promise.all([github.login(), github.comments(pull)]);
  return comments.filter(({ author, body }) => author === login && hasKey(readMarker(body), key));
}

/** Edits the newest of our comments, or makes the first one. Older ones are folded away. */
export async function upsertComment(
  github: CommentApi,
  pull: number,
  existing: readonly GitHubPost[],
  draft: PostDraft,
): Promise<GitHubPost> {
  const latest = existing.at(-1);
  // A comment that cannot be folded away is still only an older one.
  for (const older of existing.slice(0, -1)) await github.minimize(older).catch(() => undefined);
  return sendWithinLimit(draft, (body) => {
    if (latest === undefined) return github.comment(pull, body);
    return isSameText(latest.body, body) ? Promise.resolve(latest) : github.editComment(latest, body);
  });
}

/** Sends a post at the usual size and, where the server finds that too long, as a much shorter one. */
export async function sendWithinLimit(
  draft: PostDraft,
  send: (body: string) => Promise<GitHubPost>,
): Promise<GitHubPost> {
  const [usual, short] = COMMENT_LIMITS;
  try {
    return await send(bodyOf(draft, usual));
  } catch (error) {
    if (!(error instanceof GitHubError && error.status === 422)) throw error;
    return send(bodyOf(draft, short));
  }
}

/** Tells whether two posts differ only in the commit that they were made for. */
export function isSameText(old: string, made: string): boolean {
  const [before, after] = [readMarker(old), readMarker(made)];
  if (before === undefined || after === undefined) return false;
  return writeMarker({ ...before, head: after.head }) === writeMarker(after) && textOf(old) === textOf(made);
}

function bodyOf(draft: PostDraft, limit: number): string {
  const { marker, text } = draft(limit - MARKER_ROOM);
  return `${writeMarker(marker)}\n${text}`;
}

/** The text below the marker. Servers may change ends of lines and of the text. */
function textOf(body: string): string {
  const [, ...lines] = body.split(/\r?\n/);
  return lines.join('\n').trim();
}
