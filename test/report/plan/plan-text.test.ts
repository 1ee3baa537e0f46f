import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/model/json.js';
import { planText } from '../../../src/report/index.js';
import { anyPlan } from '../../support/arbitrary-plans.js';
import { busyPlan, change, planOf, targets } from '../../support/report-samples.js';

const plain = { color: false, width: 100 };

function show(plan = busyPlan, options: Parameters<typeof planText>[2] = plain): string {
  return planText(plan, targets, options);
}

function update(field: { path?: string; before?: Json; after?: Json }, more = {}) {
  const fields = [{ path: '/description', cause: 'manifest', ...field, ...more } as const];
  return planOf([change('anam-prod/LLM/a', 'update', { fields })]);
}

describe('the plan as text', () => {
  it('groups objects by target, with vendor and base URL', () => {
    const heads = show().match(/^\S.*https.*$/gm);
    expect(heads).toEqual([
      'anam-prod (anam, https://api.anam.ai)',
      'avatars (liveavatar, https://api.liveavatar.com)',
      'memory (goodmem, https://goodmem.example:8080)',
      'flashback-test (flashback, https://backend.flashback.tech)',
    ]);
  });

  it('shows each object with symbol, action, name, id and place', () => {
    const text = show();
    expect(text).toContain(
      '  ~ update LLM/support  7c0c1d2e-5a44-4f0e-9f1c-0d8b8f1a2b3c  llms/support.yaml:1\n',
    );
    expect(text).toContain('  + create LLM/guide  llms/guide.yaml:14\n');
    expect(text).toMatch(/^-\/\+ replace LLM\/switcher/m);
    expect(text).toMatch(/^ {2}> adopt LLM\/writer/m);
    expect(text).toMatch(/^ {2}- delete LLM\/legacy/m);
    expect(text).toMatch(/^ {2}\? orphan LLM\/spare/m);
  });

  it('aligns the fields of an object and says for each which side moved', () => {
    const text = show();
    expect(text).toContain('      /modelName      "gpt-4o" → "gpt-5"  [manifest]\n');
    expect(text).toContain(
      '      /metadata/team  "voice" → "avatars"  [both: conflict]\n        last applied: "chat"\n',
    );
    expect(text).toContain('      /description  [drift]\n');
    expect(text).toContain('      /display_name  "Guide"\n');
    expect(text).toContain('      /secret_id     (known after apply: Secret/openai)\n');
    expect(text).toContain('"openai" → "anthropic"  [forces replacement]');
    expect(text).not.toContain('unknown');
  });

  it('says what has no value on one side', () => {
    expect(show()).toContain('/labels/env    (not set) → "prod"');
    expect(show()).toContain('/labels/old    "yes" → (removed)');
  });

  it('never shows a sensitive value', () => {
    const plan = update({ path: '/secret', before: 'sk-old', after: 'sk-new' }, { sensitive: true });
    expect(show(plan)).toContain('/secret  (sensitive)');
    expect(show(plan)).not.toContain('sk-');
  });

  it('compares long texts word by word and leaves out what did not change', () => {
    const text = show();
    expect(text).toContain('You are Mia, a [-kind-]{+patient, cheerful+} assistant');
    expect(text).toContain('{+Say goodbye in the language of the visitor.+}');
    expect(text).toMatch(/^ +…$/m);
    expect(text.split('PUT')[0]).not.toContain('Never promise refunds');
    expect(show(busyPlan, { ...plain, detail: 'full' })).toContain('Never promise refunds');
  });

  it('keeps the marks of a word diff under the colours', () => {
    const text = show(busyPlan, { ...plain, color: true });
    expect(text).toContain('\u001b[31m[-kind-]\u001b[39m');
    expect(text).toContain('\u001b[32m{+patient, cheerful+}\u001b[39m');
  });

  it('names the source of a secret: a variable, a file, a command without its arguments', () => {
    const from = [{ fromFile: 'keys/a\u001b' }, { fromCommand: ['op', 'read', 'op://x'] }];
    const text = show(
      planOf([
        change('anam-prod/LLM/a', 'update', {
          fields: [{ path: '/secret', cause: 'manifest', sensitive: true, from }],
        }),
      ]),
    );
    expect(text).toContain('/secret  (sensitive, from the file keys/a\\u001b and the command op)');
    expect(show()).toContain('/secret         (sensitive, from OPENAI_API_KEY)');
  });

  it('says of an adoption without differences that only the mark is sent, or nothing', () => {
    const put = { method: 'PUT', path: '/v1/llms/1', body: { metadata: { llmform: 'x' } } };
    const adopt = (...requests: (typeof put)[]) =>
      show(planOf([change('anam-prod/LLM/a', 'adopt', { requests })]));
    expect(adopt(put)).toContain('      no field changes; only the ownership mark is sent\n');
    expect(adopt()).toContain('      no field changes; nothing is sent\n');
    expect(adopt(put, { ...put, method: 'DELETE' })).not.toContain('no field changes');
  });

  it('tells a text from JSON that reads the same', () => {
    const object = { a: 'x'.repeat(70) };
    const text = show(update({ before: object, after: `${JSON.stringify(object)}\nsecond "line"\n` }));
    expect(text).toContain('        - {\n        -   "a": "xxx');
    expect(text).toContain('        + "{\\"a\\":\\"xxx');
    expect(text).toContain('        + second \\"line\\"\n        + "\n');
  });

  it('leaves out counts of nothing', () => {
    const summary = { create: 1, update: 0, replace: 0, adopt: 0, delete: 0, orphan: 0, forget: 0, noop: 0 };
    const plan = {
      ...planOf([change('anam-prod/LLM/a', 'create')]),
      summary,
      requests: { read: 0, write: 0 },
    };
    expect(show(plan)).toContain('Plan: 1 to create.\nfingerprint sha256:');
    expect(show({ ...plan, requests: { read: 4, write: 0 } })).toContain('\n4 reads to plan; fingerprint');
  });

  it('shows an indented line diff of large structures', () => {
    const text = show();
    expect(text).toContain('        -   "supportsStreaming": true\n        +   "supportsStreaming": false\n');
  });

  it('does not show a different order of keys as a difference', () => {
    const padding = 'x'.repeat(60);
    const fields = [
      {
        path: '/o',
        before: { b: 1, a: padding, c: 1 },
        after: { a: padding, b: 1, c: 2 },
        cause: 'manifest',
      } as const,
    ];
    const text = show(planOf([change('anam-prod/LLM/a', 'update', { fields })]));
    expect(text.match(/^ +[-+] .*$/gm)).toEqual(['        -   "c": 1', '        +   "c": 2']);
  });

  it('shows space that changed', () => {
    const sentence = 'This is a sentence that is long enough to be compared by its words, really.';
    expect(show(update({ before: sentence, after: `${sentence}\n` }))).toContain('really.{+↵+}');
  });

  it('puts texts with nothing in common one under the other', () => {
    const text = show(update({ before: 'alpha '.repeat(20).trim(), after: 'omega '.repeat(20).trim() }));
    expect(text).toMatch(/^ {8}- "alpha alpha/m);
    expect(text).toMatch(/^ {8}\+ "omega omega/m);
  });

  it('cuts a long text of a new object, unless everything is asked for', () => {
    const after = Array.from({ length: 50 }, (_, i) => `line ${i}`).join('\n');
    const fields = [{ path: '/prompt', after, cause: 'unknown' } as const];
    const plan = planOf([change('anam-prod/LLM/a', 'create', { fields })]);
    expect(show(plan)).toContain('… 20 more lines');
    expect(show(plan)).not.toContain('line 40\n');
    expect(show(plan)).toContain('shortened: llmform plan --format json shows all, -o FILE saves it.\n');
    expect(show(plan, { ...plain, detail: 'whole' })).toContain('line 49"\n');
    expect(show(plan, { ...plain, detail: 'whole' })).not.toContain('shortened');
    expect(show(plan, { ...plain, detail: 'full' })).toContain('line 49"\n');
  });

  it('cuts a long stretch that is new, unless everything is asked for', () => {
    const before = 'The rules of this office are as follows and hold for everybody. '.repeat(50);
    const plan = update({ before, after: `${before}${'another rule '.repeat(300)}` });
    expect(show(plan)).toMatch(/… \d+ more characters …/);
    expect(show(plan, { ...plain, detail: 'full' })).not.toContain('more characters');
  });

  it('stays quick and short for two huge texts', () => {
    const text = show(update({ before: 'a b c\n'.repeat(50_000), after: 'd e f\n'.repeat(50_000) }));
    expect(text.length).toBeLessThan(5_000);
  });

  it('shows every request, cut to the width or whole', () => {
    const cut = show().match(/^ +PUT \/v1\/llms\/7c.*$/m)?.[0] ?? '';
    expect(cut).toHaveLength(100);
    expect(cut).toMatch(/…$/);
    expect(show(busyPlan, { ...plain, detail: 'full' })).toContain(
      'goodbye in the language of the visitor."}',
    );
    expect(show()).toContain('POST /v1/llms {"displayName":"Switcher","llmFormat":"anthropic"}');
  });

  it('keeps the quotes of a text that reads like a placeholder', () => {
    const fields = ['(known after apply)', '(sensitive)'].map((after, i) => ({
      path: `/f${i}`,
      before: 'x',
      after,
      cause: 'manifest' as const,
    }));
    const text = show(planOf([change('anam-prod/LLM/a', 'update', { fields })]));
    expect(text).toContain('"x" → "(known after apply)"');
    expect(text).toContain('"x" → "(sensitive)"');
  });

  it('says why a change is left alone', () => {
    expect(show()).toContain('left alone: an object of this name exists and is not managed by llmform yet');
    const plan = planOf([
      change('anam-prod/LLM/a', 'delete', { blocked: { reason: 'protected', from: 'delete' } }),
    ]);
    expect(show(plan)).toContain('left alone: protected by lifecycle.preventDestroy');
    expect(show(plan)).toContain('1 change will be left alone');
    expect(show(plan)).not.toContain('for good');
  });

  it('repeats at the end what cannot be undone', () => {
    expect(show()).toContain(
      'Apply removes 2 live objects for good:\n  delete  anam-prod/LLM/legacy\n  replace anam-prod/LLM/switcher\n',
    );
  });

  it('ends with totals, hints and the fingerprint', () => {
    const text = show();
    expect(text).toContain(
      'Plan: 2 to create, 2 to update, 1 to replace, 1 to delete, 1 not adopted; 12 unchanged.\n',
    );
    expect(text).toContain('not managed yet: --adopt takes it over.');
    expect(text).toContain('no manifest any more: --prune deletes it.');
    expect(text).toMatch(/4 reads to plan, 7 writes to apply; fingerprint sha256:[0-9a-f]{64}\n$/);
  });

  it('does not suggest what was asked for already', () => {
    const options = { ...busyPlan.options, prune: true, adopt: true };
    const changes = busyPlan.changes.map(({ blocked: _, ...change }) => change);
    expect(show({ ...busyPlan, options, changes })).not.toMatch(/--adopt|--prune/);
  });

  it('is calm about an empty plan, and still shows orphans', () => {
    expect(show(planOf([]))).toMatch(/^No changes: 12 objects up to date\.\n/);
    const orphan = show(planOf([change('anam-prod/LLM/old', 'orphan', { id: '1' })]));
    expect(orphan).toContain('? orphan LLM/old  1');
    expect(orphan).toContain('No changes: 12 objects');
    expect(orphan).toContain('--prune');
  });

  it('does not call a plan empty that could not read everything', () => {
    const error = { severity: 'error', code: 'vendor', summary: 'anam-prod: unreachable' } as const;
    expect(show(planOf([], { diagnostics: [error] }))).toContain('Incomplete plan');
    expect(show({ ...busyPlan, diagnostics: [error] })).toContain('Incomplete plan: 2 to create');
    const guard = { ...error, code: 'guard' } as const;
    expect(show({ ...busyPlan, diagnostics: [guard] })).not.toContain('Incomplete');
  });

  it('lets no control character through, in colour or without', () => {
    fc.assert(
      fc.property(
        anyPlan,
        fc.constantFrom('short' as const, 'whole' as const, 'full' as const),
        (plan, detail) => {
          const controls =
            /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u{e0000}-\u{e007f}]|\p{Cs}/u;
          expect(planText(plan, targets, { color: false, detail })).not.toMatch(controls);
          const colored = planText(plan, targets, { color: true, detail });
          expect(colored.replaceAll(/\u001b\[\d{1,2}m/g, '')).not.toMatch(controls);
        },
      ),
    );
  });

  it('says the same with colour and without, long texts aside', () => {
    const changes = busyPlan.changes.filter((c) => c.name !== 'support');
    const colored = show(planOf(changes), { ...plain, color: true });
    expect(colored.replaceAll(/\u001b\[\d{1,2}m/g, '')).toBe(show(planOf(changes)));
  });
});
