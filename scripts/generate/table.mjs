/** A Markdown table. */
export function table(head, rows) {
  return [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map(cell).join(' | ')} |`)
    .join('\n');
}

export function code(text) {
  return `\`${text}\``;
}

function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** Plain text, in which a `<name>` would be taken for an HTML tag. */
export function plain(text) {
  return text.replaceAll('<', '&lt;');
}
