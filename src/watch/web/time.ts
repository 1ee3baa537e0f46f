import { type Html, html } from './html.js';

/** A moment, in UTC as the server renders it; the script writes how long ago or ahead it is. */
export function renderTime(ms: number | undefined): Html {
  const iso = isoOf(ms);
  return iso === undefined ? html`unknown` : html`<time datetime="${iso}">${formatTime(ms)}</time>`;
}

/** `2026-11-22 09:30 UTC`. */
export function formatTime(ms: number | undefined): string {
  const iso = isoOf(ms);
  return iso === undefined ? 'unknown' : `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** `850 ms`, `1.2 s`, `3 min 5 s`. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms) || ms < 0) return 'unknown';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function isoOf(ms: number | undefined): string | undefined {
  if (ms === undefined || !(Math.abs(ms) <= 8.64e15)) return undefined;
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
