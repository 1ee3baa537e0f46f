import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { readManifests } from '../../src/manifest/read-manifests.js';
import type { Project } from '../../src/model/project.js';
import { printable } from '../../src/model/text.js';
import { createMask } from '../../src/platform/secrets/mask.js';
import { isGuessable } from '../../src/platform/secrets/secret-forms.js';
import { vendors } from '../../src/vendors/index.generated.js';
import { check, printTally } from '../support/fuzz-runs.js';
import { leaksIn } from '../support/leaks.js';
import { target } from './cycle.js';
import { anyText } from './from-schema.js';
import { subjects } from './subjects.js';

printTally('parse and redact');

describe.each(subjects)('$title', ({ vendor, kind, spec }) => {
  const project: Project = {
    name: 'mine',
    file: 'llmform.yaml',
    folder: '/project',
    manifests: [],
    ledger: { type: 'file', path: 'ledger.json' },
    targets: [target(vendor.id)],
    guards: { maxDelete: 0, maxDeletePercent: 30, maxUpdatePercent: 100, maxMissingPercent: 30 },
  };
  const style = fc.record({
    collectionStyle: fc.constantFrom('any', 'flow', 'block'),
    defaultStringType: fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE'),
  } as const);

  it('what was written is what is read, in whatever style', () => {
    check(
      fc.property(spec, style, (written, options) => {
        const document = {
          apiVersion: 'llmform/v1',
          kind: kind.name,
          vendor: vendor.id,
          metadata: { name: 'one' },
          spec: written,
        };
        const bytes = new TextEncoder().encode(
          stringify(document, { ...options, version: '1.2', aliasDuplicateObjects: false }),
        );
        const { manifests, diagnostics } = readManifests([{ file: 'a.yaml', bytes }], project, vendors);
        // What a vendor refuses beyond its schema is a finding about the vendor, and a warning concerns no reading.
        const wrong = diagnostics.filter(({ code, severity }) => code !== 'audit' && severity === 'error');
        expect(wrong).toEqual([]);
        if (diagnostics.some(({ severity }) => severity === 'error')) return;
        expect(JSON.parse(JSON.stringify(manifests[0]?.spec))).toEqual(JSON.parse(JSON.stringify(written)));
      }),
    );
  });
});

describe('redaction', () => {
  const secret = fc
    .string({ unit: 'binary', minLength: 4, maxLength: 60 })
    .filter((text) => Buffer.from(text).toString() === text);

  it('no secret that is known gets through, alone or in company, in any usual form', () => {
    check(
      fc.property(fc.array(secret, { minLength: 1, maxLength: 4 }), fc.array(anyText), (secrets, around) => {
        const { add, mask } = createMask();
        for (const one of secrets) add(one);
        const forms = secrets.flatMap((one) => [
          one,
          Buffer.from(one).toString('base64'),
          Buffer.from(one).toString('base64url'),
          encodeURIComponent(one),
          JSON.stringify(one),
        ]);
        const text = mask(forms.map((form, i) => `${around[i] ?? ' '}${form}`).join(' and '));
        const told = secrets.filter((one) => !isGuessable(one));
        expect(leaksIn(new Map([['text', text]]), told)).toEqual([]);
      }),
      300,
    );
  });

  it('nothing that a terminal acts upon is left in a text to show', () => {
    check(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), anyText), (text) => {
        expect(printable(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      }),
      300,
    );
  });
});
