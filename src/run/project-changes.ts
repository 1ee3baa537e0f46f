import { relative } from 'node:path';
import type { Diagnostic } from '../model/diagnostic.js';
import { canonicalJson, type Json, sameJson } from '../model/json.js';
import type { Project } from '../model/project.js';

/**
 * What a pull request changes in the project file, each as a warning: a target decides where a credential goes, and a
 * guard how much may be deleted.
 */
export function projectChanges(base: Project, head: Project): Diagnostic[] {
  const [was, is] = [settings(base), settings(head)];
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  return names
    .filter((name) => !sameJson(was[name], is[name]))
    .map((name) => ({
      severity: 'warning',
      code: 'project',
      summary: `the project file changes: ${name}`,
      detail: `from ${said(was[name])}\nto ${said(is[name])}`,
      file: head.file,
    }));
}

function settings(project: Project): Record<string, Json> {
  const { name, manifests, ledger, guards, targets, folder } = project;
  const each = targets.map(({ name: target, caFile, ...rest }) => {
    const ca = caFile === undefined ? {} : { caFile: relative(folder, caFile) };
    return [`target ${target}`, plain({ ...rest, ...ca })];
  });
  return { name, manifests, ledger: plain(ledger), guards: plain(guards), ...Object.fromEntries(each) };
}

/** Without members that are undefined. The project file holds references to secrets, never a value. */
function plain(value: object): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

function said(value: Json | undefined): string {
  return value === undefined ? 'nothing' : canonicalJson(value);
}
