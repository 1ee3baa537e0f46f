/**
 * Columns that a text takes, rounded up: East Asian characters and emoji are wide, and a tab may be as wide as it gets.
 * Counted in UTF-16 units, of which characters beyond the basic plane have two.
 */
export function columnsOf(text: string): number {
  if (!WIDER.test(text)) return text.length;
  let columns = 0;
  for (let i = 0; i < text.length; i += 1) columns += columnsOfUnit(text[i] ?? '');
  return columns;
}

const WIDER =
  /[\t\u1100-\u115f\u2600-\u27bf\u2e80-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]/;

function columnsOfUnit(unit: string): number {
  if (unit === '\t') return 8;
  return WIDER.test(unit) ? 2 : 1;
}

/**
 * A text in pieces of at most `width` columns, none of them empty and nothing left out: broken after a space, or the
 * escape of a line break, where one is near, else anywhere but within a character.
 */
export function breakText(text: string, width: number): string[] {
  if (columnsOf(text) <= width) return [text];
  const pieces: string[] = [];
  let rest = text;
  while (columnsOf(rest.slice(0, width + 1)) > width) {
    const end = endOfPiece(rest, width);
    pieces.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return rest === '' ? pieces : [...pieces, rest];
}

function endOfPiece(text: string, width: number): number {
  let end = 0;
  for (let used = 0; end < text.length; end += 1) {
    used += columnsOfUnit(text[end] ?? '');
    if (used > width) break;
  }
  if (/[\udc00-\udfff]/.test(text[end] ?? '') && end > 1) end -= 1;
  const space = Math.max(text.lastIndexOf(' ', end - 1) + 1, text.lastIndexOf('\\n', end - 2) + 2);
  return Math.max(1, space > end / 2 ? space : end);
}
