import { resolve } from 'node:path';
import { quoteName } from '../../model/format-path.js';
import type { Json } from '../../model/json.js';
import { addFinding, type DocumentPlace } from '../yaml/findings.js';
import { liesInGit, mayName, type Readable } from './inside-project.js';

/** Refuses a `fromFile` that leads out of the project, unless the operator allows it, or into its `.git`. */
export function checkSecretFile(
  place: DocumentPlace,
  { path, file, what }: { path: string; file: Json | undefined; what: string },
  readable: Readable,
): void {
  if (typeof file !== 'string' || file === '' || mayName(file, readable)) return;
  const named = `the ${what} ${quoteName(file)}`;
  const words = liesInGit(file, readable.folder)
    ? { summary: `${named} is git's own, and no file of the project`, detail: 'Checkouts keep tokens there.' }
    : {
        summary: `${named} is outside the project`,
        detail: `The operator can allow it with --allow-file ${quoteWord(resolve(readable.folder, file))} or LLMFORM_ALLOWED_FILES. Or use fromEnv: with CREDENTIALS_DIRECTORY=/run/secrets it reads the files of Docker and Kubernetes.`,
      };
  addFinding(place, { code: 'secret', ...words, path });
}

function quoteWord(path: string): string {
  return /^[\w./@+-]+$/.test(path) ? path : quoteName(path);
}
