import { dirname, sep } from 'node:path';
import { DiagnosticError, error } from '../../model/diagnostic.js';
import { errorCodeOf, type FileLabel, fileError } from './files.js';
import { followLinks } from './link-target.js';

/** Tells if a path, all links followed, is in a folder whose links were followed too, or is that folder. */
export function isInsideFolder(real: string, root: string): boolean {
  return real === root || real.startsWith(root.endsWith(sep) ? root : root + sep);
}

/**
 * Refuses a path that leads out of a folder once all links are followed, also links to folders on the way. What is not there
 * yet is judged by the folder that it will be made in. Throws `DiagnosticError`.
 */
export async function requireInside(
  path: string,
  folder: string,
  { display = path, code = 'file' }: FileLabel = {},
): Promise<void> {
  const [real, root] = [await realPathOf(path), await realPathOf(folder)];
  if (isInsideFolder(real, root)) return;
  throw new DiagnosticError(
    error(code, `${display} leads out of the project through a link`, {
      detail: 'What a project names stays in its folder. Remove the link, or name another path.',
      file: display,
    }),
  );
}

/** A link that leads nowhere yet is judged by the place that a write through it would make. */
async function realPathOf(path: string): Promise<string> {
  try {
    return await followLinks(path);
  } catch (fault) {
    const above = dirname(path);
    if (errorCodeOf(fault) !== 'ENOTDIR' || above === path) throw fileError('read', path, fault);
    return realPathOf(above);
  }
}
