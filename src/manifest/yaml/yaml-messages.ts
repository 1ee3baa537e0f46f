import type { Message } from './value-messages.js';

/** A parser's error code in plain words. The parser's own text may quote the source, and with it a secret. */
export function yamlMessage(code: string, message: string): Message {
  if (code === 'MISSING_CHAR') return missingCharacter(message);
  if (code === 'BAD_INDENT' && /flow/i.test(message)) return MESSAGES.BAD_FLOW_INDENT ?? OTHER;
  return MESSAGES[code] ?? OTHER;
}

const OTHER: Message = {
  summary: 'this is not valid YAML: unexpected text here',
  detail: 'Check the quotes, brackets, colons and indentation of this line and the line above.',
};

const INDENT: Message = {
  summary: 'this is not valid YAML: the indentation does not fit the lines above',
  detail: 'Members of one map, and items of one list, start in the same column.',
};

const NESTED: Message = {
  summary: 'this is not valid YAML: a second "key: value" is on the same line',
  detail: 'If the text contains ": ", put it in quotes; otherwise start a new line.',
};

const MESSAGES: Record<string, Message> = {
  TAB_AS_INDENT: {
    summary: 'a tab is used as indentation, but YAML is indented with spaces',
    detail: 'Replace the tabs at the start of the line by spaces.',
  },
  BAD_INDENT: INDENT,
  BAD_FLOW_INDENT: {
    summary: 'this is not valid YAML: a bracket or quote is not closed, or its text is not indented enough',
    detail: 'Close the bracket or quote, or indent the lines inside it further than the key.',
  },
  BLOCK_AS_IMPLICIT_KEY: NESTED,
  BLOCK_IN_FLOW: {
    summary: 'this is not valid YAML: inside brackets, values cannot be written line by line',
    detail: 'Close the bracket first, or write the value in brackets as well.',
  },
  MULTILINE_IMPLICIT_KEY: {
    summary: 'this is not valid YAML: a key goes on over several lines, or a line lacks its ":"',
    detail:
      'Write "key: value", with a space after the colon; put text of several lines in quotes or after "|".',
  },
  BAD_DQ_ESCAPE: {
    summary: 'this is not valid YAML: a backslash in double quotes does not start a known escape',
    detail: "Double the backslash, or use single quotes ('…'), where it means itself.",
  },
  BAD_SCALAR_START: {
    summary: 'this is not valid YAML: the text starts with a character that has a meaning of its own',
    detail: 'Put the text in quotes.',
  },
  BAD_ALIAS: {
    summary: 'this is not valid YAML: an anchor ("&") or alias ("*") has no usable name',
    detail: 'Put the text in quotes if the "&" or "*" belongs to it.',
  },
  BAD_DIRECTIVE: {
    summary: 'this is not valid YAML: a line that starts with "%" is not a directive that YAML knows',
    detail: 'Remove the line, or put the text in quotes.',
  },
  TAG_RESOLVE_FAILED: {
    summary: 'this is not valid YAML: the value does not fit its tag (the word that starts with "!")',
    detail: 'Remove the tag, or put the value in quotes if the "!" belongs to it.',
  },
  RESOURCE_EXHAUSTION: {
    summary: 'this document is nested too deeply',
    detail: 'No vendor takes such an object: check the brackets and the indentation.',
  },
};

/** The message is only searched for what is missing, never passed on. */
function missingCharacter(message: string): Message {
  if (/closing .quote/.test(message)) {
    return {
      summary: 'this is not valid YAML: a quote is opened and never closed',
      detail:
        'Close the quote; a quote inside single quotes is written twice, inside double quotes after a backslash.',
    };
  }
  if (/flow (?:map|seq)|, or :|Missing ,/.test(message)) {
    return {
      summary: 'this is not valid YAML: a bracket is not closed, or a comma is missing inside it',
      detail: 'Check that each "[" and "{" has its "]" and "}", and that commas stand between the items.',
    };
  }
  if (/map values|space after/.test(message)) {
    return {
      summary: 'this is not valid YAML: a line lacks its ":" or the space after it',
      detail: 'Write "key: value", with a space after the colon.',
    };
  }
  return OTHER;
}
