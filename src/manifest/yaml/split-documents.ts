/** A stretch of a YAML text that is read by itself. */
export interface DocumentText {
  text: string;
  /** 1-based line on which it starts. */
  line: number;
  /** Holds exactly one document. */
  plain: boolean;
}

/**
 * Cuts a text at every `---` that starts a line: YAML allows that nowhere else, not even in a block of text. A broken
 * document then leaves its neighbours alone. A text with directives or `...` stays whole, since those reach across.
 */
export function* splitDocuments(text: string): Generator<DocumentText> {
  const source = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  const mayReachAcross = hasLine(source, '%') || hasLine(source, '...');
  if (mayReachAcross && REACHES_ACROSS.test(source)) {
    yield { text: source, line: 1, plain: false };
    return;
  }
  let line = 1;
  let start = 0;
  for (const mark of source.matchAll(DOCUMENT_MARK)) {
    const end = mark.index + mark[0].length - 3;
    if (end === start) continue;
    const chunk = source.slice(start, end);
    yield { text: chunk, line, plain: true };
    line += countLines(chunk);
    start = end;
  }
  yield { text: source.slice(start), line, plain: true };
}

/** Tells if a line starts so: most texts have no such line, which is much quicker to see than with a pattern. */
function hasLine(text: string, start: string): boolean {
  return text.startsWith(start) || text.includes(`\n${start}`);
}

/** Tells if a text holds more than so many documents, without reading any. Text without a mark is one document. */
export function holdsMoreDocuments(text: string, limit: number): boolean {
  // Each mark takes three characters.
  if (text.length < limit * 3) return false;
  let documents = 1;
  for (const _mark of text.matchAll(EITHER_MARK)) {
    documents += 1;
    if (documents > limit) return true;
  }
  return false;
}

const BYTE_ORDER_MARK = '\uFEFF';

// Spelt with \n rather than the m flag, for which U+2028 is a line break too; in YAML 1.2 it is not.
const DOCUMENT_MARK = /(?:^|\n)---(?=[ \t\r\n]|$)/g;
const EITHER_MARK = /(?:^|\n)(?:---|\.\.\.)(?=[ \t\r\n]|$)/g;
const REACHES_ACROSS = /(?:^|\n)(?:%|\.\.\.(?:[ \t\r\n]|$))/;

function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}
