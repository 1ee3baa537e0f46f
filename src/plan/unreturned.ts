import { isIgnored } from '../diff/ignore-changes.js';
import type { Address } from '../model/address.js';
import { type Diagnostic, warning } from '../model/diagnostic.js';
import type { LedgerEntry } from '../model/ledger.js';
import type { Manifest } from '../model/manifest.js';
import { parsePointer } from '../model/pointer.js';
import type { Kind } from '../model/vendor.js';
import type { Planned } from './make-plan.js';
import { makesNewId } from './step.js';

/** Warnings of a plan that goes back to a commit: the parts of that time which it does not bring back. */
export function findUnreturned({ plan, steps, unchanged }: Planned): Diagnostic[] {
  if (plan.options.at === undefined) return [];
  const anew = steps.filter(
    (step) => step.kind.rules.writes !== 'new-version' && step.action !== 'adopt' && makesNewId(step),
  );
  return [
    ...recreated(anew.map(({ change }) => change.address)),
    ...[...steps, ...unchanged].flatMap(staying),
    ...oldSecrets([...steps, ...unchanged]),
  ];
}

function recreated(addresses: readonly Address[]): Diagnostic[] {
  if (addresses.length === 0) return [];
  const what = addresses.length === 1 ? '1 object is' : `${addresses.length} objects are`;
  return [
    warning('rollback', `${what} made anew, with another id than at that commit`, {
      detail: `Change the ids wherever something outside of llmform uses them: ${addresses.join(', ')}.`,
    }),
  ];
}

/** A field that is declared no longer is not compared: nothing takes its value back. */
function staying({
  manifest,
  entry,
  kind,
}: {
  manifest?: Manifest | undefined;
  entry?: LedgerEntry | undefined;
  kind: Kind;
}): Diagnostic[] {
  if (manifest === undefined || entry === undefined) return [];
  const left = Object.keys(entry.applied).filter((path) => {
    const [field = ''] = parsePointer(path);
    const isMap = kind.rules.fields[field]?.map !== undefined;
    return !isMap && !Object.hasOwn(manifest.spec, field) && !isIgnored(path, manifest.ignoreChanges);
  });
  if (left.length === 0) return [];
  const { address, source } = manifest;
  return [
    warning(
      'rollback',
      `${address} keeps ${left.sort().join(', ')}, which the manifest did not declare then`,
      {
        detail: 'They were added since, and stay as they are. Declare the values that they should have.',
        ...source,
        address,
      },
    ),
  ];
}

function oldSecrets(objects: readonly { manifest?: Manifest | undefined; kind: Kind }[]): Diagnostic[] {
  const sends = objects.some(({ manifest, kind }) =>
    Object.keys(manifest?.spec ?? {}).some((field) => kind.rules.fields[field]?.secrets !== undefined),
  );
  if (!sends) return [];
  return [
    warning('rollback', 'secrets are those of today, also where they were rotated since that commit', {
      detail:
        'The commit holds references only. To go back to an old key, put it where the reference points.',
    }),
  ];
}
