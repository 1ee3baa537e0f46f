/**
 * A line as a message may show it once it is printable, or undefined for an empty one. The values of keys that look like a secret, or that
 * are below such a key, are masked, and so is anything without a key of its own; `hide` masks the value for any key.
 */
export function excerptLine(lines: readonly string[], line: number, hide: boolean): string | undefined {
  const text = withoutEnd(lines[line - 1] ?? '');
  if (text === '' || text.trimStart().startsWith('#')) return undefined;
  const { start, key, rest } = dissect(text);
  if (rest === '' && key !== undefined) return shorten(text);
  // A single word after a harmless key is a value such as `kind: Secret`; more than that may hold keys of its own.
  const named = /[\s:={[]/.test(rest) ? text : (key ?? rest);
  const secret = hide || SECRET.test(named) || URL_SECRET.test(text) || belowSecret(lines, line);
  if (key === undefined && !start.includes('-')) return text.startsWith('---') ? '---' : `${start}${MASK}`;
  if (secret) return shorten(`${start}${key ?? ''}${MASK}`);
  return shorten(`${start}${key ?? ''}${rest.replace(LONG_TOKEN, maskToken)}`);
}

/** Without what YAML drops at the end: other space is a part of the text there, and may be the mistake. */
function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && ' \t\r'.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

const MASK = '…';

/** The key that a line starts with, without quotes. */
export function keyOfLine(text: string): string | undefined {
  return dissect(text)
    .key?.replace(/\s*:\s*$/, '')
    .replaceAll(/^["']|["']$/g, '');
}

const SECRET = /secret|key|token|passw|pwd|credential|auth|bearer/i;
const URL_SECRET = /:\/\/[^\s/]*@|:\/\/\S*[?#]/;

/** Keys have structure, and so do ids (UUIDs are let through); a long run of letters and digits may be a credential. */
const LONG_TOKEN = /[A-Za-z0-9_+=-]{16,}/g;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function maskToken(token: string): string {
  const random = /[0-9]/.test(token) && /[A-Za-z]/.test(token) && !UUID.test(token);
  return random || /^(?:sk|pk|rk)-/.test(token) ? MASK : token;
}

/** Indentation and dashes, the key with its colon, and what follows. */
function dissect(text: string): { start: string; key: string | undefined; rest: string } {
  const start = /^\s*(?:-\s+)*/.exec(text)?.[0] ?? '';
  const body = text.slice(start.length);
  const key = /^(?:"[^"]*"|'[^']*'|[^\s"'{[#][^:#"'{[]*?)\s*:(?=\s|$)\s?/.exec(body)?.[0];
  return { start, key, rest: body.slice(key?.length ?? 0) };
}

/** Does the line stand below a key that looks like a secret? Read off the indentation, since the YAML may be broken. */
function belowSecret(lines: readonly string[], line: number): boolean {
  let indent = indentOf(lines[line - 1] ?? '');
  for (let at = line - 2; at >= 0 && indent >= 0; at -= 1) {
    // Looking further up would cost more than an excerpt is worth.
    if (line - at > 1000) return true;
    const above = lines[at] ?? '';
    if (above.trim() === '') continue;
    const outer = indentOf(above);
    if (outer > indent || (outer === indent && !isItemOf(lines[line - 1] ?? '', above))) continue;
    if (SECRET.test(dissect(above).key ?? '')) return true;
    if (outer === 0 && !above.startsWith('-')) return false;
    indent = outer;
  }
  return false;
}

function isItemOf(text: string, above: string): boolean {
  return /^\s*-\s/.test(text) && !/^\s*-\s/.test(above);
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}

function shorten(text: string): string {
  return text.length > 160 ? `${text.slice(0, 159)}${MASK}` : text;
}
