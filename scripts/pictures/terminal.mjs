/** A page with a terminal window that shows a command and its output, colours included. */
export function terminalHtml(command, output) {
  return `<!doctype html><meta charset="utf-8"><style>
body { margin: 0; background: #fff; }
main { display: inline-block; padding: 14px; }
.window { border-radius: 10px; overflow: hidden; background: #1b1f27; box-shadow: 0 2px 10px #0003; }
.bar { height: 30px; background: #262b35; display: flex; align-items: center; gap: 7px; padding-left: 13px; }
.bar i { width: 11px; height: 11px; border-radius: 50%; background: #454c59; }
pre { margin: 0; padding: 16px 20px 18px; color: #d7dce5; font: 13px/1.5 "JetBrains Mono", "DejaVu Sans Mono", monospace; }
.prompt { color: #7fd18b; }
${Object.entries(STYLES)
  .map(([code, css]) => `.s${code} { ${css} }`)
  .join('\n')}
</style><main><div class="window"><div class="bar"><i></i><i></i><i></i></div><pre><span class="prompt">$</span> ${escapeHtml(command)}
${ansiToHtml(output.trimEnd())}</pre></div></main>`;
}

/** The codes that a terminal understands by SGR, as far as llmform uses them. */
const STYLES = {
  1: 'font-weight: bold',
  2: 'opacity: 0.65',
  3: 'font-style: italic',
  4: 'text-decoration: underline',
  31: 'color: #f2777a',
  32: 'color: #7fd18b',
  33: 'color: #f0c674',
  34: 'color: #7aa6da',
  35: 'color: #c397d8',
  36: 'color: #70c0ba',
  90: 'color: #8b93a1',
};

/** Which codes each closing code ends. */
const ENDS = {
  0: () => true,
  22: (code) => code === 1 || code === 2,
  23: (code) => code === 3,
  24: (code) => code === 4,
  39: (code) => code >= 30,
};

function ansiToHtml(text) {
  let open = [];
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are terminal escapes
      .split(/\u001b\[([\d;]*)m/)
      .map((part, i) => {
        if (i % 2 === 0)
          return part === ''
            ? ''
            : `<span class="${open.map((code) => `s${code}`).join(' ')}">${escapeHtml(part)}</span>`;
        for (const code of part.split(';').map(Number)) {
          const ends = ENDS[code];
          open = ends ? open.filter((one) => !ends(one)) : [...open, code];
        }
        return '';
      })
      .join('')
  );
}

function escapeHtml(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
