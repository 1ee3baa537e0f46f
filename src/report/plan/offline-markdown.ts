import type { Action, ShownPlan } from '../../model/plan.js';
import { countNoun } from '../format/counts.js';
import type { Budget } from '../format/size-budget.js';
import { changesDocument, type PlanDocument } from './changes-document.js';
import { unchangedCount } from './plan-summary.js';

/**
 * Manifests compared with those of a base branch, for a pull request that is not trusted yet. Says that no vendor
 * was asked.
 */
export function offlineDocument(
  plan: ShownPlan,
  state: 'compared' | 'alone' | 'invalid',
  budget: Budget = {},
): PlanDocument {
  const { delete: gone } = plan.summary;
  const frame = {
    headline: [`**${offlineVerdict(plan, state)}**`, ''],
    hints: gone > 0 ? [['delete: the manifest is gone; the live object goes only where apply prunes.']] : [],
    foot: [
      'Offline: compared with the base branch, not with the vendors. No credential was used, and what is live may differ.',
    ],
    elsewhere: 'the changed files of the pull request hold all',
  };
  return changesDocument(plan, [], frame, budget);
}

/** One sentence that says what the manifests change. */
export function offlineVerdict(plan: ShownPlan, state: keyof typeof HEADLINES): string {
  return HEADLINES[state](plan);
}

const HEADLINES: Readonly<Record<'compared' | 'alone' | 'invalid', (plan: ShownPlan) => string>> = {
  compared: (plan) => `Manifests: ${counts(plan)}${unchangedCount(plan.summary.noop)}.`,
  alone: (plan) =>
    `Nothing to compare with: ${countNoun(plan.summary.create, 'manifest')} in this pull request.`,
  invalid: () => 'Not valid: nothing was compared.',
};

const COUNTED: readonly Action[] = ['create', 'update', 'replace', 'delete'];

function counts({ summary }: ShownPlan): string {
  const some = COUNTED.filter((action) => summary[action] > 0);
  return some.length === 0
    ? 'no changes'
    : some.map((action) => `${summary[action]} to ${action}`).join(', ');
}
