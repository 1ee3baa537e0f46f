import { type Diagnostic, warning } from '../model/diagnostic.js';
import type { Binding } from './match/match.js';
import type { Step, Unchanged } from './step.js';

/** Whose object it is shows in no field that is reviewed. */
export function takenOverWarnings(
  { change: { address, blocked } }: Step,
  { manifest, foreign }: Binding,
): Diagnostic[] {
  if (foreign === undefined || blocked !== undefined) return [];
  const summary = `${address} takes over an object that is marked as ${foreign}, by another project`;
  const detail = 'That project loses it. Apply only if this is meant.';
  return [warning('adopt', summary, { detail, ...manifest.source, address })];
}

/** What the vendor took and did not keep. */
export function notPersistedWarnings({ manifest, notPersisted }: Unchanged): Diagnostic[] {
  if (notPersisted.length === 0) return [];
  return [
    warning(
      'not-persisted',
      `${manifest.vendor} did not keep ${notPersisted.join(', ')} of ${manifest.address}`,
      {
        detail: 'It is not sent again until its value in the manifest changes. Remove it to silence this.',
        ...manifest.source,
        address: manifest.address,
      },
    ),
  ];
}
