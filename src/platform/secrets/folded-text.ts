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

/** The escapes of JSON, HTML, URLs and programming languages taken out, however often they were put on each other, and tags. */
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
  /\\u\{?([0-9a-f]{1,6})\}?|\\x([0-9a-f]{2})|((?:%[0-9a-f]{2})+)|&#x([0-9a-f]{1,6});?|&#(\d{1,7});?|&([a-z]{2,8});|\\([0-7]{3})|\\(.)|\bU\+([0-9a-f]{4,6})|(<\/?[a-z][^<>]{0,100}>|\b0x(?=[0-9a-f]))/gis;

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

function meaningOf([
  whole,
  u,
  x,
  percent,
  hex,
  decimal,
  name,
  octal,
  plain,
  point,
  mute,
]: RegExpMatchArray): string {
  if (mute !== undefined) return '';
  if (octal !== undefined) return character(Number.parseInt(octal, 8));
  const digits = u ?? x ?? hex ?? point;
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

/** Numbers that stand by themselves taken out: they count the lines or the characters of what was cut into parts. */
export function dropCounters({ text, starts, ends }: MappedText): MappedText {
  const made: MappedText = { text: text.replace(COUNTER, ''), starts: [], ends: [] };
  let at = 0;
  let from: number | undefined;
  const copy = (to: number) => {
    for (; at < to; at += 1) {
      made.starts.push(from ?? starts[at] ?? 0);
      made.ends.push(ends[at] ?? 0);
      from = undefined;
    }
  };
  for (const { 0: counter, index } of text.matchAll(COUNTER)) {
    copy(index);
    // The part that follows begins with its number.
    from = starts[index];
    at += counter.length;
  }
  copy(text.length);
  return made;
}

const COUNTER = /(?<![\p{L}\p{N}])\d{1,4}(?![\p{L}\p{N}])[^\p{L}\p{N}]*/gu;

/** The characters of a text that are looked at. */
export interface Selection {
  /** By code. */
  ascii: readonly boolean[];
  /** Undefined where no others are looked at. */
  others: RegExp | undefined;
}

export function selectCharacters(ascii: RegExp, others: RegExp | undefined): Selection {
  const codes = Array.from({ length: 0x80 }, (_, code) => ascii.test(String.fromCharCode(code)));
  return { ascii: codes, others };
}

const LOWER = Array.from({ length: 0x80 }, (_, code) => String.fromCharCode(code).toLowerCase());

/** Small letters, accents apart, and of those only the selected characters. */
export function foldMapped({ text, starts, ends }: MappedText, { ascii, others }: Selection): MappedText {
  const made: MappedText = { text: '', starts: [], ends: [] };
  const parts: string[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x80) {
      if (ascii[code] !== true) continue;
      parts.push(LOWER[code] ?? '');
      made.starts.push(starts[at] ?? 0);
      made.ends.push(ends[at] ?? 0);
      continue;
    }
    const one = String.fromCodePoint(text.codePointAt(at) ?? code);
    const folded = others === undefined ? '' : one.normalize('NFKD').toLowerCase();
    for (const piece of folded) {
      if (others?.test(piece) !== true) continue;
      parts.push(piece);
      for (let i = 0; i < piece.length; i += 1) {
        made.starts.push(starts[at] ?? 0);
        made.ends.push(ends[at + one.length - 1] ?? 0);
      }
    }
    at += one.length - 1;
  }
  made.text = parts.join('');
  return made;
}

/** The same for a text whose places in the source do not matter. */
export function foldText(text: string, selection: Selection): string {
  return foldMapped({ text, starts: [], ends: [] }, selection).text;
}
