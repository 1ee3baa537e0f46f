import { listNames, quoteName } from '../../model/format-path.js';
import type { Json } from '../../model/json.js';
import type { Project } from '../../model/project.js';
import { didYouMean } from '../../model/suggest.js';
import type { Vendor } from '../../model/vendor.js';
import { addFinding, type DocumentPlace } from '../yaml/findings.js';

/** The target a manifest goes to: the one it names, or the only one of its vendor. */
export function resolveTarget(
  place: DocumentPlace,
  named: Json | undefined,
  vendor: Vendor,
  project: Project,
): string | undefined {
  const target = project.targets.find(({ name }) => name === named);
  if (target !== undefined && target.vendor === vendor.id) return target.name;
  const fitting = project.targets.filter((one) => one.vendor === vendor.id).map(({ name }) => name);
  if (named === undefined) {
    if (fitting.length === 1) return fitting[0];
    addFinding(place, {
      code: 'schema',
      summary:
        fitting.length === 0
          ? noTarget(vendor)
          : `metadata.target is missing, and ${vendor.title} has several targets`,
      detail:
        fitting.length === 0
          ? addTarget(vendor, project)
          : `Add metadata.target: one of ${listNames(fitting)}.`,
      path: '/metadata/target',
      part: 'key',
    });
    return undefined;
  }
  // Of another type: the schema says so.
  if (typeof named !== 'string') return undefined;
  addFinding(place, {
    code: target === undefined ? 'unknown' : 'schema',
    summary:
      target === undefined
        ? `unknown target ${quoteName(named)}`
        : `the target ${quoteName(named)} belongs to ${target.vendor}, but this manifest is for ${vendor.id}`,
    detail:
      fitting.length === 0
        ? `The project has none for ${vendor.title}. ${addTarget(vendor, project)}`
        : `${didYouMean(named, fitting)}Targets of ${vendor.title}: ${listNames(fitting)}.`,
    path: '/metadata/target',
  });
  return undefined;
}

function noTarget(vendor: Vendor): string {
  return `the project has no target for ${vendor.title}`;
}

function addTarget(vendor: Vendor, project: Project): string {
  return `Add one with "vendor: ${vendor.id}" under "targets" in ${project.file}.`;
}
