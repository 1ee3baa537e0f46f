/** A text made comparable, and for each of its characters the part of the source that it came from. */
export interface MappedText {
  text: string;
  /** `starts[i]` to `ends[i]` of the source is the part that became character `i` of `text`. */
  starts: number[];
  ends: number[];
}

export function toMappedText(text: string): MappedText {
  const starts = Array.from({ length: text.length }, (_, at) => at);
  return { text, starts, ends: starts.map((at) => at + 1) };
}

/** The escapes of JSON, HTML and URLs taken out, however often they were put on each other. */
export function decodeMapped(source: MappedText): MappedText {
  let now = source;
  for (let round = 0; round < ROUNDS; round += 1) {
    const next = decodeOnce(now);
    if (next.text === now.text) return now;
    now = next;
  }
  return now;
}

const ROUNDS = 5;

const ESCAPE =
  /\\u\{?([0-9a-f]{1,6})\}?|\\x([0-9a-f]{2})|((?:%[0-9a-f]{2})+)|&#x([0-9a-f]{1,6});?|&#(\d{1,7});?|&([a-z]{2,8});|\\(.)/gis;

function decodeOnce({ text, starts, ends }: MappedText): MappedText {
  const made: MappedText = { text: '', starts: [], ends: [] };
  const parts: string[] = [];
  const put = (piece: string, from: number, to: number) => {
    parts.push(piece);
    for (let i = 0; i < piece.length; i += 1) {
      made.starts.push(starts[from] ?? 0);
      made.ends.push(ends[to - 1] ?? 0);
    }
  };
  const copy = (from: number, to: number) => {
    parts.push(text.slice(from, to));
    for (let i = from; i < to; i += 1) {
      made.starts.push(starts[i] ?? 0);
      made.ends.push(ends[i] ?? 0);
    }
  };
  let at = 0;
  for (const found of text.matchAll(ESCAPE)) {
    copy(at, found.index);
    at = found.index + found[0].length;
    put(meaningOf(found), found.index, at);
  }
  copy(at, text.length);
  made.text = parts.join('');
  return made;
}

function meaningOf([whole, u, x, percent, hex, decimal, name, plain]: RegExpMatchArray): string {
  const digits = u ?? x ?? hex;
  if (digits !== undefined) return character(Number.parseInt(digits, 16));
  if (decimal !== undefined) return character(Number(decimal));
  if (percent !== undefined) return Buffer.from(percent.replaceAll('%', ''), 'hex').toString('utf8');
  // An unknown name counts as one character that is no letter and no digit.
  if (name !== undefined) return NAMED[name.toLowerCase()] ?? ' ';
  if (plain !== undefined) return /[nrtbfv]/.test(plain) ? ' ' : plain;
  return whole;
}

function character(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  sol: '/',
  plus: '+',
  equals: '=',
  lowbar: '_',
  period: '.',
  colon: ':',
};

/** Small letters, accents apart, and of those only the characters that `keep` lets through. */
export function foldMapped({ text, starts, ends }: MappedText, keep: RegExp): MappedText {
  const made: MappedText = { text: '', starts: [], ends: [] };
  const parts: string[] = [];
  let at = 0;
  for (const one of text) {
    for (const small of foldCharacter(one)) {
      if (!keep.test(small)) continue;
      parts.push(small);
      for (let i = 0; i < small.length; i += 1) {
        made.starts.push(starts[at] ?? 0);
        made.ends.push(ends[at + one.length - 1] ?? 0);
      }
    }
    at += one.length;
  }
  made.text = parts.join('');
  return made;
}

/** The same without the positions in the source. */
export function foldText(text: string, keep: RegExp): string {
  return foldMapped({ text, starts: [], ends: [] }, keep).text;
}

function foldCharacter(one: string): string {
  if (one.length === 1 && one.charCodeAt(0) < 0x80) return one.toLowerCase();
  return one.normalize('NFKD').toLowerCase();
}
