/** One target: its state, its runs, and what folds out of it. */
export const targetStyle = `
.icon { flex: none; width: 1.125rem; height: 1.125rem; fill: currentColor; }
.icon, .cut, .line, .ring { stroke-linecap: round; stroke-linejoin: round; }
.cut { fill: none; stroke: var(--card); stroke-width: 2; }
.ring, .line { fill: none; stroke: currentColor; stroke-width: 2; }
.in-sync > .icon, .in-sync > a > .icon, .in-sync .status { color: var(--in-sync); }
.drifted > .icon, .drifted > a > .icon, .drifted .status, .drifted > h2 > .icon { color: var(--drifted); }
.failing > .icon, .failing > a > .icon, .failing .status, .failing > h2 > .icon { color: var(--failing); }
.suspended > .icon, .suspended .status, .pending > .icon, .pending .status { color: var(--suspended); }

.target {
  display: grid; gap: 0.625rem; margin: 0.625rem 0; padding: 0.875rem 1rem;
  background: var(--card); border: 1px solid var(--line); border-radius: 12px; box-shadow: var(--shadow);
}
.target > * { min-width: 0; }
.target > header { display: flex; flex-wrap: wrap; align-items: center; gap: 0.375rem 1.25rem; }
.title { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.125rem 0.75rem; margin-right: auto; }
.status .icon { align-self: center; }
.target h2 { font-size: 1.0625rem; font-weight: 600; }
.status { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 0.4375rem; }
.status strong { font-weight: 600; }
.since { color: var(--quiet); font-size: 0.8125rem; }
.target > header .facts { display: flex; flex-wrap: wrap; gap: 0 0.5rem; font-size: 0.8125rem; color: var(--quiet); }
.target > header .facts span:not(:last-child)::after { content: "·"; margin-left: 0.5rem; }
.target > header .facts b { font-weight: 600; color: var(--text); }
.pulse { display: flex; flex-wrap: wrap; align-items: flex-start; gap: 0.375rem 1.25rem; }
.timeline, .pulse > .quiet { flex-basis: 100%; }
.history { margin-left: auto; }
.pulse > * { min-width: 0; }
.when { flex: 1 1 12rem;  display: flex; flex-wrap: wrap; gap: 0 1rem; font-size: 0.8125rem; color: var(--quiet); }
.busy { color: var(--accent); font-weight: 500; }
.busy::before { content: ""; display: inline-block; width: 0.5rem; height: 0.5rem; margin-right: 0.375rem; border-radius: 50%; background: currentColor; }
@media (prefers-reduced-motion: no-preference) {
  .busy::before { animation: breathe 1.6s ease-in-out infinite; }
  @keyframes breathe { 50% { opacity: 0.25; } }
}

.timeline { display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 1px; }
.run { display: inline-block; width: 0.625rem; height: 0.625rem; vertical-align: -0.0625rem; position: relative; }
.run::before { content: ""; position: absolute; inset: 0; background: var(--run); forced-color-adjust: none; }
.no_change { --run: var(--in-sync); }
.no_change::before { inset: 0.1875rem; border-radius: 50%; }
.success { --run: var(--in-sync); }
.success::before { border-radius: 50%; }
.drift { --run: var(--drifted); }
.drift::before { clip-path: polygon(50% 0, 100% 50%, 50% 100%, 0 50%); }
.error { --run: var(--failing); }
.error::before { clip-path: polygon(50% 4%, 100% 96%, 0 96%); }
.terminal { --run: var(--failing); }
.terminal::before { clip-path: polygon(20% 0, 50% 30%, 80% 0, 100% 20%, 70% 50%, 100% 80%, 80% 100%, 50% 70%, 20% 100%, 0 80%, 30% 50%, 0 20%); }

.held { padding: 0.625rem 0.875rem; background: var(--drifted-soft); border-radius: 8px; font-size: 0.875rem; }
.held h3 { font-size: 0.8125rem; color: var(--drifted); margin-bottom: 0.125rem; }
.held li + li { margin-top: 0.25rem; }
.fold, .approve { border-top: 1px solid var(--line); padding-top: 0.625rem; }
.fold h3 { display: inline; font-size: 0.9375rem; font-weight: 600; }
.history { font-size: 0.8125rem; }
.history > summary { color: var(--quiet); }
.history[open] { flex-basis: 100%; margin-left: 0; }
summary { cursor: pointer; }
.fold > summary, .approve > summary { width: fit-content; padding: 0.125rem 0.25rem 0.125rem 0; font-size: 0.875rem; font-weight: 500; }
.approve > summary { color: var(--accent); font-weight: 600; }
summary::marker { color: var(--quiet); }
summary:hover { color: var(--accent); }
.approve > p { margin: 0.5rem 0; font-size: 0.875rem; max-width: 42rem; }
.scroll { overflow-x: auto; }
table { width: 100%; min-width: 38rem; margin-top: 0.5rem; border-collapse: collapse; font-size: 0.8125rem; }
th { text-align: left; font-weight: 500; color: var(--quiet); white-space: nowrap; }
th, td { padding: 0.3125rem 1rem 0.3125rem 0; border-bottom: 1px solid var(--line); vertical-align: top; white-space: nowrap; }
td:nth-child(2) { width: 45%; white-space: normal; }
tr:last-child td { border-bottom: 0; }
td .why { color: var(--quiet); overflow-wrap: anywhere; }
@media (min-width: 40rem) {
  .target { padding: 1rem 1.25rem; margin: 0.75rem 0; }
}
@media (min-width: 70rem) {
  .dense { margin: 0.4375rem 0; padding: 0.6875rem 1.25rem; gap: 0.4375rem; }
  .dense .timeline, .dense .pulse > .quiet { flex-basis: auto; }
  .dense .timeline .run { width: 0.5625rem; height: 0.5625rem; }
  .dense .when { justify-content: flex-end; }
  .dense .history { margin-left: 0; }
}
/* A phone has room for a row of the newest. */
@media (max-width: 39.99rem) {
  .timeline .run:nth-last-child(n + 29) { position: absolute; clip-path: inset(50%); }
}
`;
