/**
 * Tells if a text is a pointer of Git LFS: what git keeps in place of a large file, and what lies there where its content was
 * not fetched.
 */
export function isLfsPointer(text: string): boolean {
  return /^version https:\/\/git-lfs\.github\.com\/spec\/v\d+\r?\n/.test(text);
}

/** The way out. */
export const FETCH_LFS =
  'Run `git lfs pull`; actions/checkout fetches the content with `lfs: true`. A file of a few kilobytes is better kept in git itself: `git lfs untrack` its pattern.';
