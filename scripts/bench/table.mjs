/** Prints rows under a title, columns aligned: the first to the left, figures to the right. */
export function printTable(title, header, rows) {
  const lines = [header, ...rows];
  const widths = header.map((_, i) => Math.max(...lines.map((line) => String(line[i] ?? '').length)));
  console.log(`\n${title}\n`);
  for (const line of lines) {
    const cells = widths.map((width, i) => pad(String(line[i] ?? ''), width, i));
    console.log(`  ${cells.join('   ').trimEnd()}`);
  }
}

function pad(text, width, column) {
  return column === 0 ? text.padEnd(width) : text.padStart(width);
}

export function ms(value) {
  return Number.isFinite(value) ? `${Math.round(value).toLocaleString('en')} ms` : '';
}

export function mib(value) {
  return Number.isFinite(value) ? `${Math.round(value)} MiB` : '';
}

export function times(value) {
  return `${value.toFixed(2)} x`;
}
