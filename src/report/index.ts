export { applyJson } from './apply-json.js';
export { applyLog } from './apply-log.js';
export { applyMarkdown } from './apply-markdown.js';
export { applyText } from './apply-text.js';
export type { PlanDocument } from './changes-document.js';
export { annotationOf, diagnosticsGithub } from './diagnostics-github.js';
export { failureJson } from './diagnostics-json.js';
export { diagnosticsMarkdown } from './diagnostics-markdown.js';
export { diagnosticsText } from './diagnostics-text.js';
export { escapeHtml } from './html.js';
export { offlineDocument, offlineVerdict } from './offline-markdown.js';
export { changeHtml, diagnosticsHtml, planHtml } from './plan-html.js';
export { planJson } from './plan-json.js';
export { planDocument, planMarkdown } from './plan-markdown.js';
export { planText } from './plan-text.js';
export { inReviewOrder } from './review-order.js';
export type { Budget } from './room.js';
export type { Detail, Shown } from './shown.js';
export type { TextOptions } from './style.js';
export {
  type Validation,
  validateGithub,
  validateJson,
  validateMarkdown,
  validateText,
  validationVerdict,
} from './validate.js';
