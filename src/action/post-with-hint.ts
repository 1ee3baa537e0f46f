import { type GitHub, GitHubError } from '../platform/github/github.js';
import { inlineText } from '../report/format/markdown.js';
import type { StepContext } from './step-context.js';

/** The result of posting: the address of the post, and notes for the run's page. */
export interface PostResult {
  url?: string;
  notes: string[];
}

/** Posts something. A refusal of GitHub is a warning that names the way out: the plan itself is none the worse. */
export async function postWithHint(
  { github, runner }: StepContext,
  { what, permission }: { what: string; permission: string },
  post: (github: GitHub) => Promise<{ url: string } | { note: string } | undefined>,
): Promise<PostResult> {
  if (github === undefined) {
    return warned(runner, `${what} was not written: the input github-token is empty.`);
  }
  try {
    const made = await post(github);
    if (made === undefined) return { notes: [] };
    if ('note' in made) {
      runner.annotate('notice', { title: 'llmform', message: made.note });
      return { notes: [inlineText(made.note)] };
    }
    runner.output('comment-url', made.url);
    return { url: made.url, notes: [] };
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    return warned(runner, `${what} was not written: ${explainGitHubError(error, permission)}`);
  }
}

/** Why GitHub refused, and what to do about it. */
export function explainGitHubError({ status, message }: GitHubError, permission: string): string {
  if (status === undefined) return `GitHub could not be asked: ${message}.`;
  const said = `GitHub answered ${status}: ${message}.`;
  if (status === 401) return `${said} Check the input github-token.`;
  // It hides what a token may not see.
  if (status === 403 || status === 404) return `${said} Give the job the permission "${permission}".`;
  return said;
}

function warned(runner: StepContext['runner'], message: string): PostResult {
  runner.annotate('warning', { title: 'llmform', message });
  return { notes: [inlineText(message)] };
}
