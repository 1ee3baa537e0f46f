import { readFileSync } from 'node:fs';
import { Ajv2020, type AnySchema } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockedText } from '../../src/model/blocked.js';
import type { Diagnostic } from '../../src/model/diagnostic.js';
import { applyJson, failureJson, planJson, validateJson } from '../../src/report/index.js';
import { anyPlan, anyReport } from '../support/arbitrary-plans.js';
import { busyPlan, change, mixedReport, planOf } from '../support/report-samples.js';

const schemas = new URL('../../schemas/', import.meta.url);
const planSchema = read('plan.schema.json');
const applySchema = read('apply.schema.json');

function read(name: string): { $defs: Record<string, AnySchema> } {
  return JSON.parse(readFileSync(new URL(name, schemas), 'utf8'));
}

function valid(schema: AnySchema): (text: string) => string {
  const validate = new Ajv2020({ strict: true, strictRequired: false, allErrors: true }).compile(schema);
  return (text) => (validate(JSON.parse(text)) ? 'valid' : JSON.stringify(validate.errors));
}

const isPlan = valid(planSchema);
const isReport = valid(applySchema);

describe('JSON reports', () => {
  it('follow their schemas', () => {
    expect(isPlan(planJson(busyPlan))).toBe('valid');
    expect(isPlan(planJson(planOf([])))).toBe('valid');
    expect(isReport(applyJson(mixedReport))).toBe('valid');
  });

  it('follow their schemas whatever vendors and manifests say, and print nothing a terminal acts upon', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        const text = planJson(plan);
        expect(isPlan(text)).toBe('valid');
        expect(text).not.toMatch(
          /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u{e0000}-\u{e007f}]/u,
        );
      }),
    );
    fc.assert(fc.property(anyReport, (report) => void expect(isReport(applyJson(report))).toBe('valid')));
  });

  it('keep every value as it was', () => {
    const before = 'a\u009b\u202e\u{e0041}\u001b"\\';
    const plan = planOf([
      change('t/LLM/a', 'update', { fields: [{ path: '/a', before, after: null, cause: 'drift' }] }),
    ]);
    expect(JSON.parse(planJson(plan)).changes[0].fields[0]).toEqual(plan.changes[0]?.fields[0]);
    const changes = busyPlan.changes.map(({ blocked, ...change }) => ({
      ...change,
      fields: change.fields.map(({ afterUnknown: _, ...field }) => field),
      ...(blocked && { blocked: { reason: blocked.reason, message: blockedText(blocked) } }),
    }));
    expect(JSON.parse(planJson(busyPlan))).toEqual({ ...busyPlan, changes, released: [], unmanaged: [] });
    expect(JSON.parse(applyJson(mixedReport))).toEqual(mixedReport);
  });

  it('say why a change is left alone, for scripts and for people', () => {
    const blocked = { reason: 'in-use', by: ['repository x'], known: 'vendor' } as const;
    const text = planJson(planOf([change('t/LLM/a', 'replace', { blocked })]));
    expect(isPlan(text)).toBe('valid');
    expect(JSON.parse(text).changes[0].blocked).toEqual({
      reason: 'in-use',
      message: 'still used by repository x: the vendor would refuse',
    });
  });

  it('give no value of a sensitive field, even if one got there', () => {
    const fields = [
      { path: '/secret', before: 'sk-old', after: 'sk-new', cause: 'manifest', sensitive: true } as const,
    ];
    const text = planJson(planOf([change('t/LLM/a', 'update', { fields })]));
    expect(text).not.toContain('sk-');
    expect(isPlan(text)).toBe('valid');
  });

  it('are refused by the schema where a sensitive field shows a value', () => {
    const fields = [{ path: '/secret', after: 'x', cause: 'manifest', sensitive: true } as const];
    const leaky = planOf([change('t/LLM/a', 'update', { fields })]);
    expect(isPlan(JSON.stringify(leaky))).not.toBe('valid');
  });

  it('hold what the format names and nothing else', () => {
    const extra = { ...change('t/LLM/a', 'delete'), live: { apiKey: 'sk-live' } };
    expect(planJson(planOf([extra]))).not.toContain('sk-live');
  });

  it('are equal for equal plans, whatever the order of members in memory', () => {
    const shuffled = Object.fromEntries(Object.entries(busyPlan).reverse()) as unknown as typeof busyPlan;
    expect(planJson(shuffled)).toBe(planJson(busyPlan));
  });

  it('end with one newline and leave excerpts out', () => {
    const finding: Diagnostic = {
      severity: 'error',
      code: 'yaml',
      summary: 'broken',
      file: 'a.yaml',
      line: 3,
      column: 5,
      excerpt: 'only for people',
    };
    const isDiagnostic = valid({ $ref: '#/$defs/diagnostic', $defs: planSchema.$defs });
    const documents = [
      planJson(planOf([], { diagnostics: [finding] })),
      applyJson({ ...mixedReport, diagnostics: [finding] }),
      failureJson([finding]),
      validateJson({ valid: false, manifests: 3, diagnostics: [finding] }),
    ];
    for (const document of documents) {
      expect(document).toMatch(/[^\n]\n$/);
      const { diagnostics, formatVersion } = JSON.parse(document);
      const { excerpt: _, ...rest } = finding;
      expect(formatVersion).toBe('1');
      expect(diagnostics).toEqual([rest]);
      expect(isDiagnostic(JSON.stringify(diagnostics[0]))).toBe('valid');
    }
    expect(Object.keys(JSON.parse(documents[2] ?? ''))).toEqual(['formatVersion', 'diagnostics']);
    expect(JSON.parse(documents[3] ?? '')).toMatchObject({ valid: false, manifests: 3 });
  });
});

describe('the schemas', () => {
  it('describe a diagnostic and an address alike', () => {
    expect(applySchema.$defs.diagnostic).toEqual(planSchema.$defs.diagnostic);
    expect(applySchema.$defs.address).toEqual(planSchema.$defs.address);
  });

  it('explain every member', () => {
    const bare: string[] = [];
    const walk = (node: unknown, where: string) => {
      if (typeof node !== 'object' || node === null) return;
      for (const [name, value] of Object.entries(node)) walk(value, `${where}/${name}`);
      if (!('properties' in node) || /\/(if|then)$/.test(where)) return;
      for (const [name, value] of Object.entries(node.properties as object)) {
        if (!('$ref' in value) && !('title' in value && 'description' in value))
          bare.push(`${where}/${name}`);
      }
    };
    walk(planSchema, 'plan');
    walk(applySchema, 'apply');
    expect(bare).toEqual([]);
  });
});
