import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { validators } from '../../src/manifest/schema/validators.generated.js';
import { readSchema, root, strictAjv, vendorIds } from './documents.js';

const folder = join(root, 'examples');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  // Workflows have a test of their own.
  .filter((path) => /\.ya?ml$/.test(path) && !path.startsWith('github'))
  .sort();
const schemas = {
  project: strictAjv().compile(readSchema('project')),
  manifest: strictAjv().compile(readSchema('manifest')),
};

describe('the examples', () => {
  it.each([...vendorIds, 'multi-vendor'])('have a project for %s', (name) => {
    expect(files).toContain(join(name, 'llmform.yaml'));
  });

  it.each(files)('point an editor to the schema of %s', (path) => {
    const [first = ''] = readFileSync(join(folder, path), 'utf8').split('\n');
    const [, schema = ''] = /^# yaml-language-server: \$schema=(\S+)$/.exec(first) ?? [];
    const expected = path.endsWith('llmform.yaml') ? 'project' : 'manifest';
    expect(schema).toContain(`/${expected}.schema.json`);
    expect(existsSync(join(folder, dirname(path), schema))).toBe(true);
  });

  it.each(files)('are valid: %s', (path) => {
    for (const document of parseAllDocuments(readFileSync(join(folder, path), 'utf8'))) {
      expect(document.errors).toEqual([]);
      const value = document.toJS();
      const isProject = value.kind === 'Project';
      const forEditors = isProject ? schemas.project : schemas.manifest;
      const compiled = validators[isProject ? 'project' : `${value.vendor}/${value.kind}`];
      expect({ valid: forEditors(value), errors: forEditors.errors }).toEqual({ valid: true, errors: null });
      expect(compiled?.(value)).toBe(true);
    }
  });
});
