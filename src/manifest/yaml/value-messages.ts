/** A message: what is wrong, and the way out. */
export interface Message {
  summary: string;
  detail: string;
}

export const TOO_DEEP: Message = {
  summary: 'this document is nested more than 100 levels deep',
  detail: 'No vendor takes such an object: check the brackets and the indentation.',
};

export const TOO_LARGE: Message = {
  summary: 'this document holds more than 1 MiB, and something in it is unusual or wrong',
  detail:
    'One document describes one object: check that "---" stands between documents, and that the file is a manifest.',
};

export const TOO_MANY: Message = {
  summary: 'this file holds more than 50,000 documents',
  detail: 'Remove the lines of "---" that nothing stands between, or split the file.',
};

export const UNKNOWN_TAG: Message = {
  summary: 'this YAML tag (a word that starts with "!") means nothing to llmform',
  detail: 'Remove the tag, or put the value in quotes if the "!" belongs to it.',
};

export const UNKNOWN_ALIAS: Message = {
  summary: 'this alias (a word that starts with "*") refers to an anchor that is not defined before it',
  detail:
    'Define the anchor with "&" earlier in the same document, or put the value in quotes if the "*" belongs to it.',
};

export const CYCLIC_ALIAS: Message = {
  summary: 'this alias refers to something that it is itself a part of',
  detail: 'A value cannot contain itself: write the inner value out.',
};

export const EXPLODING_ALIASES: Message = {
  summary: 'the aliases of this document multiply to more than 8 MiB',
  detail: 'Aliases of aliases grow without measure: write the values out, or use fewer levels of anchors.',
};

export const LARGE_NUMBER: Message = {
  summary: 'this number is too large to be kept exactly',
  detail: 'If it is an id, put it in quotes.',
};

export const NOT_A_NUMBER: Message = {
  summary: 'infinity and "not a number" cannot be sent to any vendor',
  detail: 'Write a plain number, or put the value in quotes if it is text.',
};

export const ODD_KEY: Message = {
  summary: 'a key is missing here, or it is not plain text',
  detail: 'Write each member as "key: value", with a word as the key.',
};

export const BAD_MERGE: Message = {
  summary: 'only maps can be merged with "<<"',
  detail: 'Let "<<" refer to an anchored map, or to a list of anchored maps.',
};

export const DUPLICATE_KEY: Message = {
  summary: 'this key is twice in the same map',
  detail: 'Keep one of the two: only one value could win, and YAML does not say which.',
};

export function forbiddenKey(name: string): Message {
  return {
    summary: `the key "${name}" is not allowed`,
    detail: 'No vendor has a field of this name, and it could reach into the program: remove it.',
  };
}

/** @param space a character that looks like a space */
export function oddSpace(space: string): Message {
  const code = (space.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const name = NO_BREAK.has(space) ? 'a no-break space' : 'a space of another kind';
  return {
    summary: `${name} (U+${code}) is in the place of a space: for YAML it is text`,
    detail:
      'Put plain spaces around the key. Text that is copied from a chat or a web page often brings such characters.',
  };
}

const NO_BREAK: ReadonlySet<string> = new Set(['\u00a0', '\u202f', '\u2007']);
