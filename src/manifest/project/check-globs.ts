import { quoteName } from '../../model/format-path.js';
import { GLOB_LIMITS, type GlobFault, parseGlob } from '../../model/glob.js';
import type { Json } from '../../model/json.js';
import { addFinding, type DocumentPlace } from '../yaml/findings.js';
import type { Message } from '../yaml/value-messages.js';

/** Checks the patterns that find the manifests. */
export function checkGlobs(place: DocumentPlace, globs: Json | undefined): void {
  if (!Array.isArray(globs)) return;
  for (const [i, glob] of globs.entries()) {
    if (typeof glob !== 'string' || glob === '') continue;
    const parsed = parseGlob(glob);
    // The schema has said what is too long.
    if (!('fault' in parsed) || parsed.fault === 'too-long') continue;
    addFinding(place, {
      code: 'project',
      ...explain(parsed.fault, quoteName(glob)),
      path: `/manifests/${i}`,
    });
  }
}

function explain(fault: Exclude<GlobFault, 'too-long'>, glob: string): Message {
  switch (fault) {
    case 'empty':
      return {
        summary: `the pattern ${glob} names no file`,
        detail: 'Write a path with wildcards, such as llms/**/*.yaml.',
      };
    case 'absolute':
      return {
        summary: `the pattern ${glob} is not relative to the project file`,
        detail: 'Manifests are found below the folder of the project file only: write llms/**/*.yaml.',
      };
    case 'parent':
      return {
        summary: `the pattern ${glob} leads out of the folder of the project file`,
        detail:
          'Manifests are found below that folder only, and ".." is not followed. Move the project file up, beside the folders that it names.',
      };
    case 'too-many-stars':
      return {
        summary: `the pattern ${glob} has more than ${GLOB_LIMITS.starsPerSegment} "*" in one name`,
        detail: 'One or two are enough: *.yaml, llm-*.yaml.',
      };
    case 'too-many-choices':
      return {
        summary: `the braces of the pattern ${glob} make more than ${GLOB_LIMITS.choices} patterns`,
        detail: 'Use a wildcard, or split it into several patterns.',
      };
    case 'unclosed-brace':
      return {
        summary: `the pattern ${glob} has a "{" without its "}"`,
        detail: 'Close it: *.{yaml,yml}. A brace that is part of a name takes a backslash before it.',
      };
    case 'unclosed-bracket':
      return {
        summary: `the pattern ${glob} has a "[" without its "]"`,
        detail: 'Close it: [a-z]*.yaml. A bracket that is part of a name takes a backslash before it.',
      };
    case 'range':
      return {
        summary: `the pattern ${glob} has a range in braces`,
        detail: 'List the choices, as in {1,2,3}, or use [1-3] for one character.',
      };
    case 'extended':
      return {
        summary: `the pattern ${glob} has an extended form such as +(…) or !(…)`,
        detail: 'Use {a,b} for choices, and a pattern of its own that begins with "!" for what is left out.',
      };
  }
}
