import type { TargetStatus } from '../state/model.js';
import { type Html, html } from './html.js';

/** The shapes of the states, drawn once for a page: a state must not be told by its colour alone. */
export const sprite: Html = html`<svg class="sprite" aria-hidden="true" width="0" height="0">
<symbol id="s-in-sync" viewBox="0 0 24 24"><circle cx="12" cy="12" r="10"/><path class="cut" d="m7.5 12.4 3 3 6-6.4"/></symbol>
<symbol id="s-drifted" viewBox="0 0 24 24"><path d="M12 1.4 22.6 12 12 22.6 1.4 12Z"/><path class="cut" d="M7.5 10h8m-2-2.4 2.4 2.4M16.5 14.4h-8m2 2.4-2.4-2.4"/></symbol>
<symbol id="s-failing" viewBox="0 0 24 24"><path d="M7.8 2h8.4L22 7.8v8.4L16.2 22H7.8L2 16.2V7.8Z"/><path class="cut" d="m8.5 8.5 7 7m0-7-7 7"/></symbol>
<symbol id="s-suspended" viewBox="0 0 24 24"><rect x="2" y="2" width="20" height="20" rx="5"/><path class="cut" d="M9.3 8v8m5.4-8v8"/></symbol>
<symbol id="s-pending" viewBox="0 0 24 24"><circle class="ring" cx="12" cy="12" r="9"/><path class="line" d="M12 7v5.2l3.3 2"/></symbol>
</svg>`;

export function statusIcon(status: TargetStatus): Html {
  return html`<svg class="icon" aria-hidden="true"><use href="#s-${status}"/></svg>`;
}

/** The tab's icon: plan and live, in step. */
export const favicon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0f5c63"/><path d="M8 12h12m-3.5-3.5L20 12l-3.5 3.5M24 20H12m3.5-3.5L12 20l3.5 3.5" fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"/></svg>`;
