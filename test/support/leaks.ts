import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The forms in which a secret turns up by accident. */
function formsOf(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
  const url = encodeURIComponent(secret);
  return [
    secret,
    base64,
    Buffer.from(secret).toString('base64url'),
    url,
    JSON.stringify(secret).slice(1, -1),
  ];
}

/** Names of the texts that hold a secret, in any usual form; never the secret itself. */
export function leaksIn(texts: ReadonlyMap<string, string>, secrets: readonly string[]): string[] {
  const forms = secrets.flatMap(formsOf);
  return [...texts].filter(([, text]) => forms.some((form) => text.includes(form))).map(([name]) => name);
}

/** Every file below a folder, by its path in it. */
export function filesIn(folder: string): Map<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(files.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]));
}
