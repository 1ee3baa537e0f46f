import { type Expression, type ParamPattern, parseSync, Visitor } from 'oxc-parser';

/** A text that a source gives as a summary, a message or a reason; parts that are computed are `…`. */
export interface Phrase {
  line: number;
  text: string;
}

/** Errors whose message is a phrase as well, and which argument it is: what others say after `: `. */
const MESSAGES: Readonly<Record<string, number>> = {
  VendorError: 1,
  GitFailure: 1,
  GitHubFault: 1,
  Stopped: 1,
  StaleError: 0,
};

/** Which argument of a function is a summary, by the function's name. */
export type Signatures = ReadonlyMap<string, number>;

/** The functions of a source that take a `summary`. */
export function signaturesIn(file: string, text: string): Map<string, number> {
  const found = new Map<string, number>();
  const note = (name: string | undefined, params: readonly ParamPattern[]) => {
    const at = params.findIndex((param) => param.type === 'Identifier' && param.name === 'summary');
    if (name !== undefined && at >= 0) found.set(name, at);
  };
  new Visitor({
    FunctionDeclaration: ({ id, params }) => note(id?.name, params),
    VariableDeclarator({ id, init }) {
      if (init?.type === 'ArrowFunctionExpression' && id.type === 'Identifier') note(id.name, init.params);
    },
  }).visit(parseSync(file, text).program);
  return found;
}

/** Every phrase of a source that stands there as text, at least in part. */
export function phrasesIn(file: string, text: string, signatures: Signatures): Phrase[] {
  const found: Phrase[] = [];
  const note = (node: Expression | undefined) => {
    for (const one of node === undefined ? [] : textsOf(node)) {
      found.push({ line: text.slice(0, node?.start).split('\n').length, text: one });
    }
  };
  new Visitor({
    Property({ key, value }) {
      if (key.type === 'Identifier' && key.name === 'summary') note(value as Expression);
    },
    VariableDeclarator({ id, init }) {
      if (id.type === 'Identifier' && id.name === 'summary') note(init ?? undefined);
    },
    CallExpression({ callee, arguments: given }) {
      const at = callee.type === 'Identifier' ? signatures.get(callee.name) : undefined;
      if (at !== undefined) note(given[at] as Expression | undefined);
    },
    NewExpression({ callee, arguments: given }) {
      const at = callee.type === 'Identifier' ? MESSAGES[callee.name] : undefined;
      if (at !== undefined) note(given[at] as Expression | undefined);
    },
  }).visit(parseSync(file, text).program);
  return found;
}

function textsOf(node: Expression): string[] {
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'string' && node.value !== '' ? [node.value] : [];
    case 'TemplateLiteral':
      return [node.quasis.map(({ value }) => value.cooked ?? '').join('…')];
    case 'ConditionalExpression':
      return [...textsOf(node.consequent), ...textsOf(node.alternate)];
    case 'LogicalExpression':
      return [...textsOf(node.left), ...textsOf(node.right)];
    case 'BinaryExpression':
      return textsOf(node.right).flatMap((right) =>
        textsOf(node.left as Expression).map((left) => `${left}${right}`),
      );
    default:
      return [];
  }
}

/** What may begin a phrase with a capital: names, of vendors, programs and formats. */
const NAMES = /^(Anam|Azure|Flashback|GoodMem|LiveAvatar|LLM|LLMs|GitHub|JSON|YAML|URL|HTTP|TLS|UTF-8)\b/;

/** What is wrong with a phrase that others put after `: `, or undefined. */
export function mistakeIn(text: string): string | undefined {
  if (text !== text.trim()) return 'has space around it';
  if (text === '') return 'is empty';
  if (/[\r\n]/.test(text)) return 'has several lines';
  if (/[.!:;,]$/.test(text)) return 'ends with a stop';
  const [word = ''] = text.split(/\s/, 1);
  // Code, a path, an address or a variable is written as it is.
  const isCode = /[^\p{L}',]/u.test(word) || /^\p{Lu}+$/u.test(word) || /^\p{L}.*\p{Lu}/u.test(word);
  if (/^\p{Lu}/u.test(text) && !NAMES.test(text) && !isCode) return 'starts with a capital';
  return undefined;
}
