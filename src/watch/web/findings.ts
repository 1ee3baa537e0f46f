import type { Diagnostic } from '../../model/diagnostic.js';
import { type Detail, diagnosticsHtml, type Shown } from '../../report/index.js';
import { type Html, html, trustedHtml } from './html.js';
import { moreOf } from './labels.js';

/** Errors and warnings; nothing where there are none. */
export function renderFindings(diagnostics: readonly Diagnostic[], detail: Detail): Shown<Html | undefined> {
  if (diagnostics.length === 0) return { shown: undefined, cut: false };
  const some = detail === 'short' ? diagnostics.slice(0, MOST_FINDINGS) : diagnostics;
  const rest = moreOf(diagnostics.length - some.length, 'finding');
  const { shown, cut } = diagnosticsHtml(some, detail);
  return {
    shown: html`<div class="findings">${trustedHtml(shown)}${rest && html`<p class="quiet">${rest}</p>`}</div>`,
    cut: cut || rest !== undefined,
  };
}

const MOST_FINDINGS = 50;
