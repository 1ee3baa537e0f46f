import { describe, expectTypeOf, it } from 'vitest';
import type { Plan, ShownPlan } from '../../src/model/plan.js';
import * as report from '../../src/report/index.js';
import { planVerdict } from '../../src/report/plan/plan-summary.js';

// The type checker is what fails here. `test/architecture.test.ts` keeps who may call a plan masked.
describe('a plan that was not masked', () => {
  it.each([
    report.planText,
    report.planMarkdown,
    report.planDocument,
    report.offlineDocument,
    report.offlineVerdict,
    report.planHtml,
    report.planJson,
    planVerdict,
  ] as const)('is no argument of $name', (render) => {
    expectTypeOf<ShownPlan>().toExtend<Parameters<typeof render>[0]>();
    expectTypeOf<Plan>().not.toExtend<Parameters<typeof render>[0]>();
  });
});
