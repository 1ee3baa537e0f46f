import { type Diagnostic, error } from '../model/diagnostic.js';
import { keptFields } from '../model/kept-secrets.js';
import type { Manifest } from '../model/manifest.js';
import { formatPointer } from '../model/pointer.js';
import { makesNewId, type Step } from './step.js';

/** Errors of an object that has to be created with a secret that only an existing one could keep. Nothing is planned for it. */
export function unkeptSecrets(step: Step, { address, spec, source }: Manifest): Diagnostic[] {
  if (!makesNewId(step)) return [];
  return keptFields(spec, step.kind.rules).map((field) =>
    error(
      'secret',
      `${address} ${reasonOf(step)}, and ${field} is { keep: true }: it has no secret to begin with`,
      {
        detail:
          'Write where the secret comes from, such as { fromEnv: NAME }. To keep the one of an existing object, bind to it with metadata.id, or take it over with --adopt.',
        ...source,
        address,
        path: `/spec${formatPointer([field])}`,
      },
    ),
  );
}

function reasonOf(step: Step): string {
  if (step.action === 'create') return 'has to be created';
  const fields = step.change.fields.map(({ path }) => path).join(', ');
  return `has to be created anew to change ${fields}`;
}
