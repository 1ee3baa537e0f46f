import { relative } from 'node:path';
import { type Diagnostic, warning } from '../model/diagnostic.js';
import { canonicalJson, type Json, sameJson } from '../model/json.js';
import type { Project } from '../model/project.js';

/**
 * What a pull request changes in the project file, each as a warning: a target decides where a credential goes, and a
 * guard how much may be deleted.
 */
export function warnAboutProjectChanges(base: Project, head: Project): Diagnostic[] {
  const [was, is] = [settings(base, head), settings(head, base)];
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  return names
    .filter((name) => !sameJson(was[name], is[name]))
    .map((name) =>
      warning('project', `the project file changes ${name}`, {
        detail: `from ${formatSetting(was[name])} to ${formatSetting(is[name])}`,
        file: head.file,
      }),
    );
}

/** By name; a target that both have by its members, so that a reviewer sees the difference at once. */
function settings(project: Project, other: Project): Record<string, Json> {
  const { name, manifests, ledger, guards, targets, folder } = project;
  const shared = new Set(other.targets.map((target) => target.name));
  const found: Record<string, Json> = {
    name,
    manifests,
    ledger: toPlainJson(ledger),
    ...members('guards', guards),
  };
  for (const { name: target, caFile, ...rest } of targets) {
    const value = { ...rest, ...(caFile !== undefined && { caFile: relative(folder, caFile) }) };
    const place = `targets.${target}`;
    Object.assign(found, shared.has(target) ? members(place, value) : { [place]: toPlainJson(value) });
  }
  return found;
}

function members(place: string, value: object): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [`${place}.${name}`, toPlainJson(member)]),
  );
}

/** Without members that are undefined. The project file holds references to secrets, never a value. */
function toPlainJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

function formatSetting(value: Json | undefined): string {
  return value === undefined ? 'nothing' : canonicalJson(value);
}
