import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { readManifests } from '../../src/manifest/read-manifests.js';
import { diagnosticsGithub, diagnosticsText } from '../../src/report/index.js';
import { vendors } from '../../src/vendors/index.generated.js';
import { project } from '../support/corpus-project.js';
import { count, printTally } from '../support/fuzz-runs.js';
import { capturingTerminal } from '../support/terminal.js';
import { ESCAPES, expectCalm, wrongSummariesIn } from './calm.js';

printTally('broken manifests');

const folder = new URL('yaml/', import.meta.url);
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .sort();

/** What stands for a secret in these files, and must never be shown. */
const SECRET = /hunter2/;
/** A safety net against files that take without bound; a file takes a few milliseconds. */
const LIMIT_MS = 2000;

describe('every broken manifest is told', () => {
  it.each(files)('%s', { timeout: LIMIT_MS * 5 }, (file) => {
    const bytes = readFileSync(new URL(file, folder));
    const started = performance.now();
    const { manifests, diagnostics } = readManifests([{ file, bytes }], project, vendors);
    expect(performance.now() - started).toBeLessThan(LIMIT_MS);
    count(1, 0);

    expect(diagnostics).not.toEqual([]);
    for (const { file: named, line, column, summary } of diagnostics) {
      expect(named).toBe(file);
      expect(line).toBeGreaterThan(0);
      expect(column).toBeGreaterThan(0);
      expect(summary).not.toBe('');
    }
    const text = diagnosticsText(diagnostics, { color: false, width: 100 });
    const annotations = diagnosticsGithub(diagnostics);
    expect(text + annotations).not.toMatch(ESCAPES);
    expect(text + annotations).not.toMatch(SECRET);
    // A screen of a hundred columns.
    expect(text.split('\n').length).toBeLessThan(60);
    expect(text.length).toBeLessThan(6000);
    expect(manifests.every(({ name }) => /^[a-z0-9-]{1,63}$/.test(name))).toBe(true);
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
  });
});

it('all of them together, as a user runs it', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'llmform-corpus-'));
  try {
    for (const file of files) writeFileSync(join(cwd, file), readFileSync(new URL(file, folder)));
    const targets = Object.fromEntries(
      project.targets.map(({ name, vendor, baseUrl }) => [name, { vendor, baseUrl, auth: { fromEnv: 'X' } }]),
    );
    const text = {
      apiVersion: 'llmform/v1',
      kind: 'Project',
      name: 'corpus',
      manifests: ['*.yaml', '!llmform.yaml'],
      targets,
    };
    writeFileSync(join(cwd, 'llmform.yaml'), JSON.stringify(text));
    for (const format of ['text', 'json', 'markdown', 'github']) {
      const terminal = capturingTerminal({ cwd, env: {}, width: 100 });
      const code = await main(['validate', '--format', format], terminal);
      const { out, err } = terminal.printed();
      expectCalm({ code, out: '', err });
      expect(out).not.toMatch(ESCAPES);
      expect(out).not.toMatch(SECRET);
      expect(wrongSummariesIn(out)).toEqual([]);
      expect(code).toBe(1);
      // A comment on a pull request is cut to what a person reads.
      if (format !== 'markdown') expect(files.filter((file) => !out.includes(file))).toEqual([]);
    }
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
});
