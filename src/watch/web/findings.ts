import type { Diagnostic } from '../../model/diagnostic.js';
import { diagnosticsHtml } from '../../report/index.js';
import { type Html, html, trusted } from './html.js';
import { more } from './words.js';

/** Errors and warnings; nothing where there are none. */
export function findings(diagnostics: readonly Diagnostic[]): Html | undefined {
  if (diagnostics.length === 0) return undefined;
  const shown = diagnostics.slice(0, MOST_FINDINGS);
  const rest = more(diagnostics.length - shown.length, 'finding');
  return html`<div class="findings">${trusted(diagnosticsHtml(shown))}${rest && html`<p class="quiet">${rest}</p>`}</div>`;
}

const MOST_FINDINGS = 50;
