/** Colours, type and what every element starts from. All pairs of text and ground have a contrast of 4.5 or more. */
export const baseStyle = `
:root {
  color-scheme: light dark;
  --ground: #f5f6f4; --card: #ffffff; --sunken: #f2f4f2; --line: #dfe3df; --edge: #7d877f;
  --text: #1b201d; --quiet: #59625c; --accent: #0f5c63; --on-accent: #ffffff;
  --in-sync: #1d7548; --drifted: #8a5800; --failing: #b0261c; --suspended: #57616e; --pending: #57616e;
  --drifted-soft: #fdf4e1; --failing-soft: #fdeeec; --added: #e2f3e8; --removed: #fbe6e3;
  --shadow: 0 1px 2px rgb(20 30 25 / 5%), 0 4px 16px rgb(20 30 25 / 4%);
  --sans: ui-sans-serif, system-ui, -apple-system, "Segoe UI", "Inter", "Roboto", "Noto Sans", "Liberation Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Code", "JetBrains Mono", "Noto Sans Mono", "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #111413; --card: #191d1b; --sunken: #141816; --line: #2b312e; --edge: #7c8780;
    --text: #e6eae7; --quiet: #a1aba5; --accent: #7ccdd3; --on-accent: #0a2426;
    --in-sync: #62c893; --drifted: #e8b354; --failing: #ff8f82; --suspended: #a9b3bf; --pending: #a9b3bf;
    --drifted-soft: #2a2313; --failing-soft: #301b19; --added: #17301f; --removed: #3a1f1c;
    --shadow: none;
  }
}
*, ::before, ::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0; background: var(--ground); color: var(--text); font: 0.9375rem/1.55 var(--sans); }
h1, h2, h3, p, ul, ol { margin: 0; padding: 0; }
ul, ol { list-style: none; }
h1, h2, h3 { line-height: 1.25; letter-spacing: -0.011em; overflow-wrap: anywhere; }
p, li { overflow-wrap: anywhere; }
a { color: var(--accent); text-underline-offset: 0.2em; text-decoration-thickness: 1px; }
code, pre, .mono { font-family: var(--mono); font-size: 0.875em; font-variant-ligatures: none; }
time { font-variant-numeric: tabular-nums; white-space: nowrap; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
main:focus, section:focus { outline: none; }
section:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.sprite { position: absolute; }
.quiet { color: var(--quiet); }
button, .button {
  display: inline-flex; align-items: center; min-height: 2.125rem; padding: 0 0.75rem;
  font: 500 0.8125rem/1 var(--sans); color: var(--text); text-decoration: none;
  background: var(--card); border: 1px solid var(--edge); border-radius: 8px; cursor: pointer;
}
button:hover, .button:hover { border-color: var(--accent); color: var(--accent); }
button.strong { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
button.strong:hover { filter: brightness(1.08); color: var(--on-accent); }
.buttons { display: flex; flex-wrap: wrap; gap: 0.5rem; }
@media (pointer: coarse) { button, .button { min-height: 2.75rem; padding: 0 1rem; } }
@media (prefers-reduced-motion: no-preference) {
  html { scroll-behavior: smooth; }
  button, .button { transition: border-color 0.15s, color 0.15s; }
}
`;
