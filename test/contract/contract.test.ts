import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { emulatedVendors } from '../../src/emulator/index.js';
import type { Vendor } from '../../src/model/vendor.js';
import { exampleCases } from './cases/examples.js';
import type { VendorFixture } from './fixture.js';
import { testVendor } from './vendor.js';

const root = new URL('../../', import.meta.url);
const folders = readdirSync(new URL('src/vendors/', root), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

describe.each(folders)('the parts of %s', (id) => {
  it('has an emulator, a schema, an example and a fixture', () => {
    expect(emulatedVendors).toContain(id);
    expect(existsSync(new URL(`schemas/${id}.schema.json`, root))).toBe(true);
    expect(existsSync(new URL(`examples/${id}/llmform.yaml`, root))).toBe(true);
    expect(existsSync(new URL(`test/contract/fixtures/${id}.ts`, root))).toBe(true);
  });

  it('has a fixture that knows every field of the schema', async () => {
    const { $defs } = JSON.parse(readFileSync(new URL(`schemas/${id}.schema.json`, root), 'utf8'));
    for (const { kind, changes, spec } of await fixtureOf(id)) {
      const fields = Object.keys($defs[kind].properties).sort();
      expect(Object.keys(changes).sort()).toEqual(fields);
      expect(Object.keys(spec).sort()).toEqual(fields);
    }
  });
});

for (const id of folders) {
  const { vendor } = (await import(`../../src/vendors/${id}/index.ts`)) as { vendor: Vendor };
  testVendor(vendor, await fixtureOf(id));
}

describe('examples of several vendors', () => exampleCases('multi-vendor'));

async function fixtureOf(id: string): Promise<VendorFixture> {
  const { fixture } = (await import(`./fixtures/${id}.ts`)) as { fixture: VendorFixture };
  return fixture;
}
