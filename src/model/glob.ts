/** A pattern of the project file, taken apart. */
export interface Glob {
  text: string;
  /** It begins with `!`: what it matches is left out. */
  negated: boolean;
  /** One for each choice that its braces leave. */
  branches: readonly (readonly Segment[])[];
}

/** A part between two slashes: any number of folders, or what one name has to look like. */
export type Segment = { kind: 'folders' } | { kind: 'name'; text: string; atoms: readonly Atom[] };

type Atom = { kind: 'run' } | { kind: 'one'; accepts(character: string): boolean; literal?: string };

/** The mistake in a pattern. */
export type GlobFault =
  | 'empty'
  | 'absolute'
  | 'parent'
  | 'too-long'
  | 'too-many-stars'
  | 'too-many-choices'
  | 'unclosed-brace'
  | 'unclosed-bracket'
  | 'range'
  | 'extended';

/** Beyond these a pattern is a mistake, or meant to keep a machine busy. */
export const GLOB_LIMITS = { length: 500, starsPerSegment: 4, choices: 100 } as const;

/**
 * Reads a pattern with `*`, `**`, `?`, `[a-z]`, `{a,b}`, a leading `!`, and a backslash before a character without
 * meaning.
 * Matching takes time in proportion to pattern and path, because nothing of it is tried twice.
 */
export function parseGlob(text: string): Glob | { fault: GlobFault } {
  if (text.length > GLOB_LIMITS.length) return { fault: 'too-long' };
  const negated = text.startsWith('!') && text[1] !== '(';
  const body = negated ? text.slice(1) : text;
  if (/^([/~]|[A-Za-z]:[\\/])/.test(body)) return { fault: 'absolute' };
  if (/(?<!\\)[@?*+!]\(/.test(body)) return { fault: 'extended' };
  const choices = expandBraces(body);
  if (!Array.isArray(choices)) return choices;
  const branches: Segment[][] = [];
  for (const choice of choices) {
    const branch = parseBranch(choice);
    if (!Array.isArray(branch)) return branch;
    branches.push(branch);
  }
  return { text, negated, branches };
}

function parseBranch(text: string): Segment[] | { fault: GlobFault } {
  const segments: Segment[] = [];
  for (const part of text.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') return { fault: 'parent' };
    if (part === '**') {
      if (segments.at(-1)?.kind !== 'folders') segments.push({ kind: 'folders' });
      continue;
    }
    const atoms = parseName(part);
    if (!Array.isArray(atoms)) return atoms;
    segments.push({ kind: 'name', text: part, atoms });
  }
  return segments.length === 0 ? { fault: 'empty' } : segments;
}

function parseName(text: string): Atom[] | { fault: GlobFault } {
  const atoms: Atom[] = [];
  const characters = [...text];
  let stars = 0;
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? '';
    if (character === '*') {
      stars += 1;
      if (atoms.at(-1)?.kind !== 'run') atoms.push({ kind: 'run' });
    } else if (character === '?') atoms.push({ kind: 'one', accepts: () => true });
    else if (character === '[') {
      const close = characters.indexOf(']', at + 2 + Number(/[!^]/.test(characters[at + 1] ?? '')));
      if (close < 0) return { fault: 'unclosed-bracket' };
      atoms.push(toClass(characters.slice(at + 1, close)));
      at = close;
    } else {
      if (character === '\\') at += 1;
      const literal = characters[at] ?? '\\';
      atoms.push({ kind: 'one', literal, accepts: (one) => one === literal });
    }
  }
  return stars > GLOB_LIMITS.starsPerSegment ? { fault: 'too-many-stars' } : atoms;
}

function toClass(members: readonly string[]): Atom {
  const inverted = /[!^]/.test(members[0] ?? '');
  const listed = inverted ? members.slice(1) : members;
  const ranges: [string, string][] = [];
  for (let at = 0; at < listed.length; at += 1) {
    const from = listed[at] ?? '';
    const to = listed[at + 1] === '-' ? listed[at + 2] : undefined;
    ranges.push([from, to ?? from]);
    if (to !== undefined) at += 2;
  }
  const isListed = (one: string) => ranges.some(([from, to]) => from <= one && one <= to);
  return { kind: 'one', accepts: (one) => isListed(one) !== inverted };
}

/** The texts that the choices in braces make. Braces without a comma are characters like others. */
function expandBraces(text: string): string[] | { fault: GlobFault } {
  let texts = [''];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '\\') {
      texts = texts.map((one) => one + character + (text[at + 1] ?? ''));
      at += 1;
    } else if (character !== '{') texts = texts.map((one) => one + character);
    else {
      const close = closingBrace(text, at);
      if (close < 0) return { fault: 'unclosed-brace' };
      const choices = choicesOf(text.slice(at + 1, close));
      if (!Array.isArray(choices)) return choices;
      if (texts.length * choices.length > GLOB_LIMITS.choices) return { fault: 'too-many-choices' };
      texts = texts.flatMap((one) => choices.map((choice) => one + choice));
      at = close;
    }
  }
  return texts;
}

function choicesOf(inside: string): string[] | { fault: GlobFault } {
  const parts = splitChoices(inside);
  if (parts.length === 1 && inside.includes('..')) return { fault: 'range' };
  const choices: string[] = [];
  for (const part of parts) {
    const expanded = expandBraces(part);
    if (!Array.isArray(expanded)) return expanded;
    choices.push(...expanded);
  }
  return parts.length === 1 ? choices.map((one) => `\\{${one}\\}`) : choices;
}

function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '{') depth += 1;
    else if (text[at] === '}') {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return -1;
}

function splitChoices(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === ',' && depth === 0) {
      parts.push('');
      continue;
    }
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    const escaped = character === '\\' ? (text[at + 1] ?? '') : '';
    parts.push((parts.pop() ?? '') + character + escaped);
    if (escaped !== '') at += 1;
  }
  return parts;
}

/** Matches one name. Only the last run is ever widened, so that many runs cannot multiply the work. */
export function matchesName(atoms: readonly Atom[], name: string): boolean {
  const characters = [...name];
  let [at, run, resume] = [0, -1, 0];
  for (let i = 0; i < characters.length; ) {
    const atom = atoms[at];
    if (atom?.kind === 'run') {
      [run, resume] = [at, i];
      at += 1;
    } else if (atom?.kind === 'one' && atom.accepts(characters[i] ?? '')) {
      at += 1;
      i += 1;
    } else if (run >= 0) {
      resume += 1;
      [at, i] = [run + 1, resume];
    } else return false;
  }
  return atoms.slice(at).every(({ kind }) => kind === 'run');
}

/** The name that a part of a pattern is, where it has no wildcard. */
export function literalName(segment: Segment | undefined): string | undefined {
  if (segment?.kind !== 'name') return undefined;
  let name = '';
  for (const atom of segment.atoms) {
    if (atom.kind === 'run' || atom.literal === undefined) return undefined;
    name += atom.literal;
  }
  return name;
}
