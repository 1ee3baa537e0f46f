import type { ShownPlan } from '../../model/plan.js';
import type { Target } from '../../model/project.js';
import { inlineCode } from '../format/markdown.js';
import { asPrefix } from '../format/sentence.js';
import type { Budget } from '../format/size-budget.js';
import { truncate } from '../format/style.js';
import { changesDocument, type PlanDocument } from './changes-document.js';
import { planHints, planVerdict, requestCounts } from './plan-summary.js';

/** The text of `planDocument`. */
export function planMarkdown(plan: ShownPlan, targets: readonly Target[], budget: Budget = {}): string {
  return planDocument(plan, targets, budget).text;
}

/**
 * The plan for a pull request comment or a job summary: the verdict, a table, then one folded block for each object,
 * the dangerous ones first. What has no room is left out by whole objects, and counted.
 */
export function planDocument(plan: ShownPlan, targets: readonly Target[], budget: Budget = {}): PlanDocument {
  const frame = {
    headline: [`**${planVerdict(plan)}**`, ''],
    hints: planHints(plan),
    foot: [`${asPrefix(requestCounts(plan))}Fingerprint ${inlineCode(truncate(plan.fingerprint, 100))}`],
    elsewhere: 'the JSON form of the plan holds all',
  };
  return changesDocument(plan, targets, frame, budget);
}
