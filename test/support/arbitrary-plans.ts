import fc from 'fast-check';
import type { Diagnostic, DiagnosticCode } from '../../src/model/diagnostic.js';
import type { Json } from '../../src/model/json.js';
import type { ApplyReport, Outcome } from '../../src/model/outcome.js';
import {
  asShownPlan,
  type Change,
  type FieldChange,
  type Plan,
  type ShownPlan,
} from '../../src/model/plan.js';

/** Text as an enemy would write it: escapes, markup, fences, half characters, long and with many lines. */
export const nasty = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        '\u001b[31m',
        '\u009b2J',
        '\u001b]0;t\u0007',
        '`',
        '```',
        '````',
        '<!--',
        '-->',
        '<b>',
        '</details>',
        '@octocat',
        '#1',
        '|',
        '\\|',
        '\n',
        '\r\n',
        '\t',
        '\u202e',
        '\u{e0041}',
        '\ud800',
        ' a ',
        'word ',
        '::error::',
        '%0A',
      ),
      { maxLength: 40 },
    )
    .map((parts) => parts.join('')),
);

const json = fc.oneof(fc.jsonValue({ maxDepth: 3 }), nasty) as fc.Arbitrary<Json>;
const pointer = nasty.map((text) => `/${text.replace(/[~/\n\r\u2028\u2029]/g, '-')}`);
const segment = nasty.map((text) => text.replaceAll('/', '-') || 'x');
const address = fc.tuple(segment, segment, segment).map((parts) => parts.join('/'));
const natural = fc.nat({ max: 10_000 });
const fingerprint = fc.constant(`sha256:${'ab'.repeat(32)}`);
const code = fc.constantFrom<DiagnosticCode>('yaml', 'guard', 'vendor', 'adopt');

const diagnostic: fc.Arbitrary<Diagnostic> = fc.record(
  {
    severity: fc.constantFrom('error', 'warning'),
    code,
    summary: nasty,
    detail: nasty,
    file: nasty,
    line: fc.integer({ min: 1, max: 999 }),
    column: fc.integer({ min: 1, max: 200 }),
    excerpt: nasty,
    address,
    path: pointer,
  },
  { requiredKeys: ['severity', 'code', 'summary'] },
);

/** Two long texts with enough in common to be compared by words. */
const edited: fc.Arbitrary<FieldChange> = fc.tuple(pointer, nasty, nasty, nasty).map(([path, a, b, both]) => {
  const common = `${both} some words that stay as they are ${both}`.repeat(3);
  return { path, before: `${a}${common}${b}`, after: `${b}${common}${a}`, cause: 'both' };
});

const loose: fc.Arbitrary<FieldChange> = fc.record(
  {
    path: pointer,
    cause: fc.constantFrom('manifest', 'drift', 'both', 'unknown'),
    before: json,
    after: json,
    sensitive: fc.constant(true),
    forcesReplacement: fc.constant(true),
  },
  { requiredKeys: ['path', 'cause'] },
);

const request = fc.record(
  { method: fc.constantFrom('POST', 'PUT', 'PATCH', 'DELETE'), path: nasty, body: json },
  { requiredKeys: ['method', 'path'] },
);

const action = fc.constantFrom<Change['action']>(
  'create',
  'update',
  'replace',
  'adopt',
  'delete',
  'orphan',
  'forget',
);

const change: fc.Arbitrary<Change> = fc.record(
  {
    address,
    vendor: nasty,
    kind: nasty,
    name: nasty,
    action,
    id: nasty,
    fields: fc.array(fc.oneof(loose, edited), { maxLength: 4 }),
    requests: fc.array(request, { maxLength: 2 }),
    source: fc.record({ file: nasty, line: fc.integer({ min: 1, max: 99 }) }),
    blocked: fc.oneof(
      fc.record({ reason: fc.constant('foreign' as const), mark: nasty }),
      fc.record({ reason: fc.constant('immutable' as const), fields: fc.array(nasty) }),
      fc.record({ reason: fc.constant('window' as const), windows: fc.array(nasty) }),
    ),
  },
  { requiredKeys: ['address', 'vendor', 'kind', 'name', 'action', 'fields', 'requests'] },
);

export const anyPlan: fc.Arbitrary<ShownPlan> = fc
  .record<Plan>({
    formatVersion: fc.constant('1'),
    project: nasty,
    fingerprint,
    options: fc.record({
      targets: fc.array(nasty, { maxLength: 2 }),
      prune: fc.boolean(),
      adopt: fc.boolean(),
      trustSecrets: fc.boolean(),
    }),
    summary: fc.record({
      create: natural,
      update: natural,
      replace: natural,
      adopt: natural,
      delete: natural,
      orphan: natural,
      forget: natural,
      noop: natural,
    }),
    requests: fc.record({ read: natural, write: natural }),
    changes: fc.array(change, { maxLength: 4 }),
    released: fc.array(
      fc.record(
        { address, path: pointer, applied: json, before: json, sensitive: fc.constant(true as const) },
        { requiredKeys: ['address', 'path', 'applied'] },
      ),
      { maxLength: 3 },
    ),
    // Both names are the project's own, of a narrow form.
    unmanaged: fc.array(
      fc.record({ target: fc.constant('here'), kind: fc.constant('LLM'), count: fc.integer({ min: 1 }) }),
      { maxLength: 2 },
    ),
    diagnostics: fc.array(diagnostic, { maxLength: 3 }),
  })
  .map(asShownPlan);

const outcome: fc.Arbitrary<Outcome> = fc.record(
  {
    address,
    action,
    status: fc.constantFrom('applied', 'failed', 'stale', 'skipped'),
    id: nasty,
    error: fc.record(
      { code: nasty, message: nasty, httpStatus: fc.integer({ min: 100, max: 599 }) },
      { requiredKeys: ['code', 'message'] },
    ),
    notPersisted: fc.array(pointer, { maxLength: 3 }),
  },
  { requiredKeys: ['address', 'action', 'status'] },
);

export const anyReport: fc.Arbitrary<ApplyReport> = fc.record({
  formatVersion: fc.constant('1'),
  fingerprint,
  summary: fc.record({ applied: natural, failed: natural, stale: natural, skipped: natural }),
  requests: fc.record({ read: natural, write: natural }),
  outcomes: fc.array(outcome, { maxLength: 4 }),
  diagnostics: fc.array(diagnostic, { maxLength: 3 }),
});
