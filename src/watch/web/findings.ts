import type { Diagnostic } from '../../model/diagnostic.js';
import { countDiagnostics, type Detail, findingsHtml, foldFindings, type Shown } from '../../report/index.js';
import { type Html, html, trustedHtml } from './html.js';
import { moreOf } from './labels.js';

/** Errors first, then warnings, equal ones folded. Undefined without diagnostics. */
export function renderFindings(diagnostics: readonly Diagnostic[], detail: Detail): Shown<Html | undefined> {
  if (diagnostics.length === 0) return { shown: undefined, cut: false };
  const findings = foldFindings(diagnostics);
  const some = detail === 'short' ? findings.slice(0, MOST_FINDINGS) : findings;
  const rest = moreOf(countDiagnostics(findings.slice(some.length)), 'finding');
  const { shown, cut } = findingsHtml(some, detail);
  return {
    shown: html`<div class="findings">${trustedHtml(shown)}${rest && html`<p class="quiet">${rest}</p>`}</div>`,
    cut: cut || rest !== undefined,
  };
}

const MOST_FINDINGS = 50;
