import { readFileSync } from 'node:fs';
import { Ajv2020, type AnySchema } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatLedger } from '../../src/ledger/format.js';
import type { JsonObject } from '../../src/model/json.js';
import type { ApplyReport } from '../../src/model/outcome.js';
import { asShownPlan, type ShownPlan } from '../../src/model/plan.js';
import {
  applyJson,
  applyMarkdown,
  applyText,
  diagnosticsGithub,
  diagnosticsText,
  planJson,
  planMarkdown,
  planText,
} from '../../src/report/index.js';
import { checkAsync, printTally } from '../support/fuzz-runs.js';
import { leaksIn } from '../support/leaks.js';
import { openCycle, target } from './cycle.js';
import { type Subject, subjects } from './subjects.js';

printTally('plan and apply');

/** Long enough that no other text holds one by chance, with all that encodings change. */
const secretValue = fc
  .tuple(fc.string({ minLength: 12, maxLength: 40, unit: 'binary' }), fc.nat())
  .map(([noise, n]) => `sk-${n}/${noise}+=&"\\é ${n}-end`.trim())
  // Half characters do not survive any encoding, so no secret has them.
  .filter((value) => Buffer.from(value).toString() === value);
const secrets = fc.tuple(secretValue, secretValue, secretValue);

describe.each(subjects)('$title: for all desired and live', (subject) => {
  const matchInput = fc.record({
    secrets,
    first: fc.array(subject.spec, { maxLength: 2 }),
    second: fc.array(subject.spec, { maxLength: 2 }),
    others: fc.array(subject.pair, { maxLength: 2 }),
    refusals: fc.infiniteStream(fc.boolean()),
  });

  it('the second plan after an apply is empty, whatever was there before', async () => {
    await checkAsync(
      fc.asyncProperty(matchInput, async ({ secrets: [ONE, TWO, THREE], first, second, others }) => {
        const cycle = openCycle(
          subject,
          { SECRET_ONE: ONE, SECRET_TWO: TWO, SECRET_THREE: THREE },
          () => false,
        );
        place(
          cycle.model.collection(subject.path),
          others.map(({ body }) => body),
          subject,
        );
        for (const specs of [first, second]) {
          const { report } = await cycle.apply(specs);
          const open = report.outcomes.filter(({ status }) => status !== 'applied');
          fc.pre(report.diagnostics.every(({ severity }) => severity !== 'error'));
          const plan = await cycle.plan(specs);
          // Without any manifest nothing is pruned, so what was made is an orphan then.
          const changes = plan.changes.filter(({ action }) => action !== 'orphan');
          const unsettled = changes.filter(({ address }) => !open.some((one) => one.address === address));
          expect(unsettled).toEqual([]);
        }
      }),
    );
  });

  it('no secret is in anything that is shown or kept, and the JSON follows its schemas', async () => {
    await checkAsync(
      fc.asyncProperty(matchInput, async ({ secrets: values, first, second, others, refusals }) => {
        const [ONE, TWO, THREE] = values;
        const refuses = refusals[Symbol.iterator]();
        const cycle = openCycle(
          subject,
          { SECRET_ONE: ONE, SECRET_TWO: TWO, SECRET_THREE: THREE },
          () => refuses.next().value === true,
        );
        place(
          cycle.model.collection(subject.path),
          others.map(({ body }) => body),
          subject,
        );
        for (const specs of [first, second]) {
          const { plan: made, report } = await cycle.apply(specs);
          const plan = asShownPlan(made);
          expect(faults(isPlan, planJson(plan))).toEqual([]);
          expect(faults(isReport, applyJson(report))).toEqual([]);
          const shown = renderings(plan, report, subject);
          shown.set('ledger', formatLedger(cycle.ledger));
          expect(leaksIn(shown, values)).toEqual([]);
        }
      }),
    );
  });
});

/** Puts other people's objects there; of two with one mark of ours, only the first keeps it. */
function place(collection: Map<string, JsonObject>, bodies: readonly JsonObject[], subject: Subject): void {
  const { idField, kind } = subject;
  bodies.forEach((body, i) => {
    const object: JsonObject = { ...body, [idField]: `live-${i}` };
    if (i > 0 && kind.rules.mark !== undefined) object[kind.rules.mark.field] = {};
    collection.set(`live-${i}`, object);
  });
}

function renderings(plan: ShownPlan, report: ApplyReport, { vendor }: Subject): Map<string, string> {
  const targets = [target(vendor.id)];
  const options = { color: false, detail: 'full', width: 100 } as const;
  const diagnostics = report.diagnostics;
  return new Map([
    ['planText', planText(plan, targets, options)],
    ['planText in colour', planText(plan, targets, { ...options, color: true })],
    ['planMarkdown', planMarkdown(plan, targets)],
    ['planJson', planJson(plan)],
    ['applyText', applyText(report, options)],
    ['applyMarkdown', applyMarkdown(report)],
    ['applyJson', applyJson(report)],
    ['diagnosticsText', diagnosticsText(diagnostics, options)],
    ['diagnosticsGithub', diagnosticsGithub(diagnostics)],
  ]);
}

const isPlan = validator('plan');
const isReport = validator('apply');

function validator(name: string) {
  const url = new URL(`../../schemas/${name}.schema.json`, import.meta.url);
  const schema = JSON.parse(readFileSync(url, 'utf8')) as AnySchema;
  return new Ajv2020({ strict: false, allErrors: true }).compile(schema);
}

function faults(validate: ReturnType<typeof validator>, text: string): unknown[] {
  return validate(JSON.parse(text)) ? [] : (validate.errors ?? []);
}
