/** The plan object by object, as src/report/plan/plan-html.ts marks it up, and findings. */
export const planStyle = `
.plan { display: grid; gap: 0.5rem; margin-top: 0.5rem; font-size: 0.875rem; }
.plan > * { min-width: 0; }
.plan .verdict { font: inherit; letter-spacing: normal; }
.plan .hints { color: var(--quiet); }
.plan .counts { display: block; font-size: 0.8125rem; overflow-wrap: anywhere; }
.change { border: 1px solid var(--line); border-radius: 8px; background: var(--sunken); }
.change > summary { padding: 0.4375rem 0.75rem; line-height: 1.7; }
.change[open] > summary { border-bottom: 1px solid var(--line); }
.change > :not(summary) { margin: 0.625rem 0.75rem; }
.address { font-size: 0.8125rem; overflow-wrap: anywhere; }
.size, .change .facts { color: var(--quiet); font-size: 0.8125rem; }
.action { display: inline-block; min-width: 4.5em; font-weight: 600; }
.action::before { display: inline-block; width: 1.5em; font-family: var(--mono); }
.action-create { color: var(--in-sync); } .action-create::before { content: "+"; }
.action-update { color: var(--drifted); } .action-update::before { content: "~"; }
.action-replace { color: var(--failing); } .action-replace::before { content: "±"; }
.action-delete { color: var(--failing); } .action-delete::before { content: "−"; }
.action-adopt { color: var(--accent); } .action-adopt::before { content: ">"; }
.action-orphan { color: var(--suspended); } .action-orphan::before { content: "?"; }
.action-forget { color: var(--suspended); } .action-forget::before { content: "!"; }
.tag { display: inline-block; padding: 0 0.4375rem; font: 500 0.75rem/1.5 var(--sans); color: var(--quiet); border: 1px solid currentColor; border-radius: 99px; }
.tag-drift, .tag-blocked { color: var(--drifted); }
.tag-both, .tag-replacement { color: var(--failing); }
.blocked { color: var(--drifted); }
.path { display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 0.5rem; margin: 0 0 0.1875rem; font-size: 0.875rem; font-weight: 600; }
.path code { overflow-wrap: anywhere; }
.field .values { font: 0.8125rem/1.6 var(--mono); overflow-wrap: anywhere; }
.last, .sensitive, .nothing, .elided { color: var(--quiet); }
.last { font-size: 0.8125rem; }
.plan pre {
  margin: 0.25rem 0 0; padding: 0.625rem 0.75rem; font-size: 0.8125rem; line-height: 1.6; white-space: pre-wrap; overflow-wrap: anywhere;
  background: var(--card); border: 1px solid var(--line); border-radius: 6px;
}
.plan pre.words { font-family: var(--sans); }
del, ins { padding: 0.0625rem 0.125rem; border-radius: 3px; text-decoration-thickness: 1px; -webkit-box-decoration-break: clone; box-decoration-break: clone; }
del { background: var(--removed); text-decoration-color: var(--failing); }
ins { background: var(--added); text-decoration: none; border-bottom: 1px solid var(--in-sync); }
.lines del { text-decoration: none; }
.requests > summary, .equal > summary, .released > summary { font-size: 0.8125rem; color: var(--quiet); width: fit-content; }
.diagnostics { display: grid; gap: 0.5rem; }
.diagnostic { font-size: 0.875rem; }
.severity { font-weight: 600; }
.severity-error { color: var(--failing); }
.severity-warning { color: var(--drifted); }
.diagnostic .equal ul, .released ul { margin: 0.25rem 0 0; padding-left: 1rem; overflow-wrap: anywhere; }
.diagnostic .detail { color: var(--quiet); white-space: pre-line; }
.target > .findings { padding: 0.625rem 0.875rem; background: var(--sunken); border-radius: 8px; }
.target.failing > .findings { background: var(--failing-soft); }
`;
