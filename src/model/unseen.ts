import { type Diagnostic, error, warning } from './diagnostic.js';
import { quoteName } from './format-path.js';

/**
 * Something of the manifests that could not be seen, so that it is not known whether they are there. Like a listing of a
 * vendor that ended early, it never counts as "absent": nothing is deleted on its account.
 */
export type Unseen =
  /** A folder that git knows as a submodule, without its files. `refused` is a host that it may not be fetched from. */
  | { what: 'submodule'; place: string; refused?: string }
  /** Files that git has and a sparse checkout skips; the first of so many. */
  | { what: 'sparse'; place: string; count: number }
  | { what: 'link'; place: string; leads: 'nowhere' | 'outside' | 'in-circles' }
  /** A pipe, a socket or a device. */
  | { what: 'special'; place: string }
  | { what: 'unreadable'; place: string; why: string }
  /** A pattern of the project file that matches no file. */
  | { what: 'pattern'; pattern: string; place: string; line: number; column: number; hint: PatternHint };

/** Why a pattern matches nothing. `found` is what lies there instead. */
export type PatternHint =
  | { why: 'missing'; folder: string }
  | { why: 'folder'; folder: string }
  | { why: 'left-out' | 'case' | 'composition' | 'deeper' | 'excluded' | 'extension'; found: string }
  | { why: 'submodule'; folder: string }
  | { why: 'nothing'; folder: string };

/** Findings about manifests that could not be seen: errors where objects without a manifest would be deleted. */
export function describeUnseen(unseen: readonly Unseen[], severity: Diagnostic['severity']): Diagnostic[] {
  return unseen.map((one) => {
    const { summary, detail } = describe(one);
    const consequence = severity === 'error' ? REFUSED : '';
    const place = one.what === 'pattern' ? { line: one.line, column: one.column } : {};
    const finding = severity === 'error' ? error : warning;
    return finding('unseen', summary, { detail: detail + consequence, file: one.place, ...place });
  });
}

const REFUSED =
  ' Until then nothing is pruned: what was not seen is not absent. Without prune, the other manifests are applied.';

function describe(unseen: Unseen): { summary: string; detail: string } {
  switch (unseen.what) {
    case 'submodule':
      if (unseen.refused !== undefined) return describeRefused(unseen.place, unseen.refused);
      return {
        summary: `the submodule ${quoteName(unseen.place)} is empty: its files were not fetched`,
        detail:
          'Run `git submodule update --init --recursive`. actions/checkout fetches them with `submodules: true`, `llmform watch --git` with --git-submodules.',
      };
    case 'sparse':
      return {
        summary: `${quoteName(unseen.place)}${unseen.count > 1 ? ` and ${unseen.count - 1} more are` : ' is'} left out by a sparse checkout`,
        detail:
          'Add their folder with `git sparse-checkout add`, or to the input sparse-checkout of actions/checkout.',
      };
    case 'link':
      return {
        summary: `the link ${quoteName(unseen.place)} ${LEADS[unseen.leads]}`,
        detail: `Manifests behind it are not seen. Mend it, remove it, or leave it out with the pattern ${leaveOut(unseen.place)}.`,
      };
    case 'special':
      return {
        summary: `${quoteName(unseen.place)} is a pipe, a socket or a device, and no file`,
        detail: `It is not read. Put a file in its place, or leave it out with the pattern ${leaveOut(unseen.place)}.`,
      };
    case 'unreadable':
      return {
        summary: `${quoteName(unseen.place)} cannot be read: ${unseen.why}`,
        detail: `Correct that, or leave it out with the pattern ${leaveOut(unseen.place)}.`,
      };
    case 'pattern':
      return {
        summary: `the pattern ${quoteName(unseen.pattern)} matches no file`,
        detail: `${explainHint(unseen.hint)} Correct the pattern, or remove it if nothing belongs there.`,
      };
  }
}

function describeRefused(place: string, host: string): { summary: string; detail: string } {
  return {
    summary: `the submodule ${quoteName(place)} was not fetched: ${host} is not allowed`,
    detail:
      "Submodules come from the repository's own host, and from those that --allow-host or LLMFORM_ALLOWED_HOSTS name.",
  };
}

const LEADS = {
  nowhere: 'leads nowhere',
  outside: 'leads out of the project',
  'in-circles': 'leads in circles',
} as const;

function leaveOut(place: string): string {
  return quoteName(`!${place}`);
}

/** The reason why a pattern matches nothing, as a sentence. */
export function explainHint(hint: PatternHint): string {
  switch (hint.why) {
    case 'missing':
      return `There is no folder ${quoteName(hint.folder)}; a sparse checkout may have left it out.`;
    case 'folder':
      return `It names a folder: write ${quoteName(`${hint.folder}/**/*.yaml`)}.`;
    case 'left-out':
      return `There is ${quoteName(hint.found)}, but names that begin with a dot, and node_modules, are left out.`;
    case 'case':
      return `There is ${quoteName(hint.found)}: capital and small letters are told apart.`;
    case 'composition':
      return `There is ${quoteName(hint.found)}, which looks the same: its accents are other characters (composed and decomposed Unicode, NFC and NFD). Rename it, or use "*" in their place.`;
    case 'deeper':
      return `There is ${quoteName(hint.found)}, further down: "*" stays within one folder, "**/" crosses folders.`;
    case 'excluded':
      return `There is ${quoteName(hint.found)}, but a pattern that begins with "!" leaves it out.`;
    case 'extension':
      return `There is ${quoteName(hint.found)}, with another ending.`;
    case 'submodule':
      return `The folder ${quoteName(hint.folder)} is a submodule that was not fetched.`;
    case 'nothing':
      return hint.folder === ''
        ? 'The folder of the project file holds nothing like it.'
        : `The folder ${quoteName(hint.folder)} holds nothing like it.`;
  }
}
