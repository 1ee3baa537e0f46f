import type { Plan } from '../model/plan.js';
import type { Target } from '../model/project.js';
import { changesDocument, type PlanDocument } from './changes-document.js';
import { code } from './markdown.js';
import type { Budget } from './room.js';
import { truncate } from './style.js';
import { planHints, requestCounts, verdict } from './wording.js';

/** The text of `planDocument`. */
export function planMarkdown(plan: Plan, targets: readonly Target[], budget: Budget = {}): string {
  return planDocument(plan, targets, budget).text;
}

/**
 * The plan for a pull request comment or a job summary: the verdict, a table, then one folded block for each object,
 * the dangerous ones first. What has no room is left out by whole objects, and counted.
 */
export function planDocument(plan: Plan, targets: readonly Target[], budget: Budget = {}): PlanDocument {
  const frame = {
    headline: [`**${verdict(plan)}**`, ''],
    hints: planHints(plan),
    foot: [`${requestCounts(plan)}. Fingerprint ${code(truncate(plan.fingerprint, 100))}`],
    elsewhere: 'the JSON form of the plan holds all',
  };
  return changesDocument(plan, targets, frame, budget);
}
