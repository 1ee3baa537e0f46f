import { type Document, LineCounter, parseAllDocuments, visit, type YAMLError } from 'yaml';
import type { Json } from '../../model/json.js';
import { type NodeProblem, readValue } from './node-values.js';
import type { Position, Side } from './position.js';
import { locatePointer } from './positions.js';
import { type Message, oddSpace } from './value-messages.js';
import { yamlMessage } from './yaml-messages.js';

/** Something wrong with the YAML itself, in our own words: it never quotes the source. */
export interface YamlProblem extends Position {
  summary: string;
  detail: string;
  /** JSON Pointer into the document, where one is known. */
  path?: string;
}

/** One document with everything known about it. */
export interface ExactDocument {
  value: Json;
  line: number;
  problems: YamlProblem[];
  locate(pointer: string, part?: Side): Position;
}

/** Reads every document of a text with positions; `firstLine` is the line of the file on which the text starts. */
export function readExact(text: string, firstLine: number): ExactDocument[] {
  const counter = new LineCounter();
  // Keys are checked for uniqueness in node-values.ts: the parser's own check takes quadratic time.
  const options = {
    lineCounter: counter,
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: 'silent',
  } as const;
  const position = (offset: number): Position => {
    const { line, col } = counter.linePos(Math.max(0, offset));
    return { line: Math.max(1, line) + firstLine - 1, column: Math.max(1, col) };
  };
  const parsed = parseAllDocuments(text, { ...options, version: '1.2', schema: 'core' });
  const documents: readonly Document.Parsed[] = parsed;
  return documents.map((document) => inspectDocument(document, text, position));
}

function inspectDocument(
  document: Document.Parsed,
  text: string,
  position: (offset: number) => Position,
): ExactDocument {
  const start = position(document.contents?.range[0] ?? document.range[0]);
  const found: ExactDocument = {
    value: null,
    line: start.line,
    problems: [],
    locate: (pointer, part) => position(locatePointer(document.contents, pointer, part)),
  };
  const first = [...document.errors].sort((a, b) => a.pos[0] - b.pos[0])[0];
  // One mistake in YAML makes the parser stumble over the rest of the document: only the first is worth telling.
  if (first !== undefined) found.problems.push(syntaxProblem(first, document, text, position));
  else if (document.directives.yaml.version !== '1.2') {
    found.problems.push({ ...start, ...OLD_YAML });
  } else if (document.warnings.some(({ code }) => code === 'BAD_DIRECTIVE')) {
    found.problems.push({ ...start, ...ODD_DIRECTIVE });
  } else {
    const { value, problems } = readValue(document.contents);
    found.value = value;
    found.problems.push(...problems.map((problem) => placed(problem, position)));
  }
  return found;
}

const OLD_YAML = {
  summary: 'this document asks for YAML 1.1, which llmform does not read',
  detail: 'Remove the %YAML line: manifests are YAML 1.2, where yes, no, on and off are plain text.',
};

const ODD_DIRECTIVE = {
  summary: 'this document starts with a % directive that llmform does not know',
  detail: 'Remove the lines that start with "%": manifests are YAML 1.2 and need none.',
};

function syntaxProblem(
  error: YAMLError,
  document: Document.Parsed,
  text: string,
  position: (offset: number) => Position,
): YamlProblem {
  const offset = error.pos[0];
  const indent = oddIndent(text, offset);
  if (indent !== undefined) return { ...position(indent.at), ...indent.message };
  return { ...position(openQuote(document, error) ?? offset), ...yamlMessage(error.code, error.message) };
}

/** A quote that is never closed is found missing at the end of the file; what helps is where it was opened. */
function openQuote(document: Document.Parsed, error: YAMLError): number | undefined {
  let start: number | undefined;
  if (!/closing .quote/.test(error.message)) return start;
  visit(document, {
    Scalar(_, { type, range }) {
      if (type?.startsWith('QUOTE') && range && range[0] <= error.pos[0] && error.pos[0] <= range[2])
        [start] = range;
    },
  });
  return start;
}

/** The parser often names something else when a tab, or what only looks like a space, broke the structure, on the line or above. */
function oddIndent(text: string, offset: number): { at: number; message: Message } | undefined {
  let end = offset;
  for (let lines = 0; lines < 2 && end >= 0; lines += 1) {
    const start = text.lastIndexOf('\n', end - 1) + 1;
    const [indent, space] = /^ *(\t|(?! )\p{Zs})/u.exec(text.slice(start, start + 200)) ?? [];
    if (indent !== undefined && space !== undefined) {
      const message = space === '\t' ? yamlMessage('TAB_AS_INDENT', '') : oddSpace(space);
      return { at: start + indent.length - 1, message };
    }
    end = start - 1;
  }
  return undefined;
}

function placed(problem: NodeProblem, position: (offset: number) => Position): YamlProblem {
  const { offset, ...words } = problem;
  return { ...position(offset), ...words };
}
