/** The frame: top, overview, banner, foot, and the sheet to sign in on. */
export const pageStyle = `
.skip { position: absolute; left: 1rem; top: -4rem; padding: 0.5rem 0.75rem; background: var(--card); border-radius: 8px; z-index: 1; }
.skip:focus { top: 0.5rem; }
.top, main, footer { max-width: 68rem; margin: 0 auto; padding: 0 1rem; }
.top { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem 1rem; padding-top: 1.25rem; padding-bottom: 0.5rem; }
.top h1 { font-size: 1.0625rem; font-weight: 600; margin-right: auto; }
.brand { color: var(--quiet); font-weight: 400; margin-right: 0.25rem; }
.brand::after { content: "/"; margin-left: 0.5rem; color: var(--edge); }
.live { display: flex; align-items: center; gap: 0.4375rem; font-size: 0.8125rem; color: var(--quiet); }
.live[data-state]::before { content: ""; width: 0.5rem; height: 0.5rem; border-radius: 50%; background: var(--in-sync); forced-color-adjust: none; }
.live[data-state="off"] {
  position: fixed; z-index: 1; bottom: 0.75rem; right: 0.75rem; padding: 0.375rem 0.75rem;
  color: var(--drifted); background: var(--drifted-soft); border: 1px solid; border-radius: 99px;
}
.live[data-state="off"]::before { background: none; border: 2px solid var(--drifted); }
footer { padding-top: 0.5rem; padding-bottom: 2.5rem; font-size: 0.8125rem; color: var(--quiet); }
footer a { color: inherit; }

.overview { padding: 0.75rem 0 0.5rem; display: grid; gap: 0.875rem; }
.overview .verdict { font-size: 1.5rem; font-weight: 600; letter-spacing: -0.022em; }
.overview .counts { display: flex; flex-wrap: wrap; gap: 0.375rem 1.25rem; color: var(--quiet); }
.overview .counts li { display: flex; align-items: center; gap: 0.4375rem; }
.overview .counts b { color: var(--text); font-weight: 600; font-variant-numeric: tabular-nums; }
.source { font-size: 0.8125rem; color: var(--quiet); }
.shortcuts { display: flex; flex-wrap: wrap; gap: 0.5rem; }
.shortcuts a {
  display: inline-flex; align-items: center; gap: 0.4375rem; padding: 0.3125rem 0.75rem 0.3125rem 0.5rem; font-size: 0.8125rem;
  color: var(--text); text-decoration: none; background: var(--card); border: 1px solid var(--line); border-radius: 99px;
}
.shortcuts a:hover { border-color: var(--edge); }
.shortcuts li { min-width: 0; max-width: 100%; overflow-wrap: anywhere; }

.banner { padding: 0.875rem 1rem; border-radius: 12px; border: 1px solid; }
.banner.failing { background: var(--failing-soft); border-color: var(--failing); }
.banner.drifted { background: var(--drifted-soft); border-color: var(--drifted); }
.banner h2 { display: flex; gap: 0.5rem; align-items: flex-start; font-size: 0.9375rem; font-weight: 600; }
.banner .icon { margin-top: 0.0625rem; }
.banner .findings { margin-top: 0.5rem; padding: 0; border: 0; background: none; }
.empty { padding: 2.5rem 1.5rem; text-align: center; color: var(--quiet); border: 1px dashed var(--edge); border-radius: 12px; }
.empty strong { color: var(--text); font-size: 1.125rem; }

.whole { padding-top: 1.25rem; padding-bottom: 2.5rem; }
.whole header { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem 1rem; }
.whole h1 { font-size: 1.25rem; margin-right: auto; }

.sign-in { max-width: 28rem; padding-top: 15vh; display: grid; gap: 1rem; }
.sign-in h1 { font-size: 1.5rem; letter-spacing: -0.022em; }
.sign-in form { display: grid; gap: 0.5rem; justify-items: start; }
.sign-in label { font-weight: 500; }
.sign-in input { width: 100%; min-height: 2.75rem; padding: 0 0.75rem; font: inherit; color: inherit; background: var(--card); border: 1px solid var(--edge); border-radius: 8px; }
.sign-in button { margin-top: 0.25rem; background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
.sign-in .problem { color: var(--failing); font-weight: 500; }
@media (min-width: 40rem) {
  .top, main, footer { padding-left: 1.5rem; padding-right: 1.5rem; }
  .top { padding-top: 1.75rem; }
  .overview .verdict { font-size: 1.75rem; }
}
`;
