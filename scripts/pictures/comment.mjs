import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';

/** A page with the comment as a forge shows it, its first object opened. */
export function commentHtml(markdown) {
  const html = micromark(markdown, {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  })
    .replace('<details>', '<details open>')
    .replaceAll(
      /<pre><code class="language-diff">([\s\S]*?)<\/code><\/pre>/g,
      (_, code) => `<pre>${coloured(code)}</pre>`,
    );
  return `<!doctype html><meta charset="utf-8"><style>
body { margin: 0; background: #fff; color: #1f2328; font: 14px/1.5 Inter, "Liberation Sans", "DejaVu Sans", sans-serif; }
main { width: 820px; padding: 14px; }
.comment { border: 1px solid #d1d9e0; border-radius: 6px; }
.head { background: #f6f8fa; border-bottom: 1px solid #d1d9e0; border-radius: 6px 6px 0 0; padding: 8px 16px; color: #59636e; }
.head b { color: #1f2328; }
.badge { border: 1px solid #d1d9e0; border-radius: 2em; font-size: 12px; padding: 0 7px; margin-left: 4px; }
.body { padding: 14px 16px 6px; }
p, ul, table, details, pre { margin: 0 0 14px; }
summary { margin-bottom: 10px; }
table { border-collapse: collapse; }
th, td { border: 1px solid #d1d9e0; padding: 5px 13px; }
code, pre { font: 12px/1.45 "JetBrains Mono", "DejaVu Sans Mono", monospace; }
code { background: #eff1f3; border-radius: 6px; padding: 2px 5px; }
pre { background: #f6f8fa; border-radius: 6px; padding: 14px; overflow: hidden; }
pre code { background: none; padding: 0; }
.del { color: #82071e; background: #ffebe9; } .ins { color: #116329; background: #dafbe1; }
.hunk { color: #8250df; font-weight: bold; } .mod { color: #953800; background: #fff1e5; }
</style><main><div class="comment"><div class="head"><b>github-actions</b><span class="badge">bot</span> commented 2 minutes ago</div>
<div class="body">${html}</div></div></main>`;
}

/** The colours of a diff on GitHub. */
const LINES = { '-': 'del', '+': 'ins', '@': 'hunk', '!': 'mod' };

function coloured(code) {
  return code
    .trimEnd()
    .split('\n')
    .map((line) => (LINES[line[0]] ? `<span class="${LINES[line[0]]}">${line}</span>` : line))
    .join('\n');
}
