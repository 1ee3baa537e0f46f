import { describe } from 'vitest';
import type { Vendor } from '../../src/model/vendor.js';
import { approvalCases } from './cases/approval.js';
import { deletingCases } from './cases/deleting.js';
import { exampleCases } from './cases/examples.js';
import { faultCases } from './cases/faults.js';
import { fieldCases } from './cases/fields.js';
import { identityCases } from './cases/identity.js';
import { ignoringCases } from './cases/ignoring.js';
import { keptSecretCases } from './cases/kept-secrets.js';
import { mapCases } from './cases/maps.js';
import { releasedCases } from './cases/released.js';
import { unknownCases } from './cases/unknown.js';
import type { VendorFixture } from './fixture.js';
import { subjectOf } from './subject.js';

/**
 * What every vendor has to do, driven through the real product against the vendor's emulator. Cases ask for
 * capabilities and rules, never for a vendor's name.
 */
export function testVendor(vendor: Vendor, fixture: VendorFixture): void {
  describe(`${vendor.id} examples`, () => exampleCases(vendor.id));
  describe.each(vendor.kinds.map((kind) => ({ name: kind.name, kind })))(`${vendor.id} $name`, ({ kind }) => {
    const found = fixture.find((one) => one.kind === kind.name);
    if (found === undefined) throw new Error(`there is no fixture of ${vendor.id} ${kind.name}`);
    const subject = subjectOf(vendor, kind, found);
    describe('fields', () => fieldCases(subject));
    if (Object.values(kind.rules.fields).some(({ map }) => map)) describe('maps', () => mapCases(subject));
    describe('released', () => releasedCases(subject));
    describe('ignoring', () => ignoringCases(subject));
    describe('unknown fields', () => unknownCases(subject));
    describe('identity', () => identityCases(subject));
    if (Object.values(kind.rules.fields).some(({ secrets }) => secrets))
      describe('kept secrets', () => keptSecretCases(subject));
    describe('deleting', () => deletingCases(subject));
    describe('faults', () => faultCases(subject));
    describe('approval', () => approvalCases(subject));
  });
}
