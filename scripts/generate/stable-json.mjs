const WIDTH = 110;

/** JSON text laid out as the formatter lays it out, so that a generated file needs no formatting of its own. */
export function stableJson(value) {
  return `${print(value, '', 0)}\n`;
}

function print(value, indent, column) {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const line = onOneLine(value);
    if (line !== undefined && column + line.length <= WIDTH) return line;
    return `[\n${value.map((item) => inner + print(item, inner, inner.length)).join(',\n')}\n${indent}]`;
  }
  const members = Object.entries(value).map(([key, member]) => {
    const start = `${inner}${JSON.stringify(key)}: `;
    // One column more for the comma that may follow.
    return start + print(member, inner, start.length + 1);
  });
  return members.length === 0 ? '{}' : `{\n${members.join(',\n')}\n${indent}}`;
}

/** An array without objects as one line; objects with members always take lines of their own. */
function onOneLine(items) {
  const parts = items.map((item) => {
    if (Array.isArray(item)) return onOneLine(item);
    if (item === null || typeof item !== 'object') return JSON.stringify(item);
    return Object.keys(item).length === 0 ? '{}' : undefined;
  });
  return parts.includes(undefined) ? undefined : `[${parts.join(', ')}]`;
}
