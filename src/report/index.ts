export { applyJson } from './apply/apply-json.js';
export { applyLog } from './apply/apply-log.js';
export { applyMarkdown } from './apply/apply-markdown.js';
export { applyText } from './apply/apply-text.js';
export { annotationOf, diagnosticsGithub } from './diagnostics/diagnostics-github.js';
export { failureJson } from './diagnostics/diagnostics-json.js';
export { diagnosticsMarkdown } from './diagnostics/diagnostics-markdown.js';
export { diagnosticsText } from './diagnostics/diagnostics-text.js';
export { countDiagnostics, type Finding, foldFindings } from './diagnostics/findings.js';
export {
  type Validation,
  validateGithub,
  validateJson,
  validateMarkdown,
  validateText,
  validationVerdict,
} from './diagnostics/validate.js';
export type { Detail, Shown } from './format/detail.js';
export { escapeHtml } from './format/html.js';
export type { Budget } from './format/size-budget.js';
export type { TextOptions } from './format/style.js';
export { historyJson } from './history/history-json.js';
export { historyText } from './history/history-text.js';
export type { PlanDocument } from './plan/changes-document.js';
export { offlineDocument, offlineVerdict } from './plan/offline-markdown.js';
export { inReviewOrder } from './plan/order-changes.js';
export { changeHtml, findingsHtml, planHtml } from './plan/plan-html.js';
export { planJson } from './plan/plan-json.js';
export { planDocument, planMarkdown } from './plan/plan-markdown.js';
export { planText } from './plan/plan-text.js';
