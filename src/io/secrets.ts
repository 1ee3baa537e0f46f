import { isAbsolute } from 'node:path';
import { DiagnosticError, error } from '../model/diagnostic.js';
import type { SecretReference } from '../model/project.js';
import { createMask } from './mask.js';
import { secretFromCommand, secretFromCredentials, secretFromFile } from './secret-sources.js';

export interface Secrets {
  /** The value behind a reference, fetched once per run. Throws `DiagnosticError` with code `secret`. */
  resolve(reference: SecretReference): Promise<string>;
  /** Replaces every value resolved so far, in its usual encodings too, by `(sensitive)`. */
  mask(text: string): string;
}

export interface SecretOptions {
  /** Default: the process's own environment. Commands see it as well. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Is told every value before anybody else has it. */
  onResolved?: (value: string) => void;
  /** Default: 30 seconds. */
  commandTimeoutMs?: number;
}

/** The secrets of one run. Files and commands are relative to `folder`, the project file's. */
export function openSecrets(
  folder: string,
  { env = process.env, onResolved, commandTimeoutMs = 30_000 }: SecretOptions = {},
): Secrets {
  const resolved = new Map<string, Promise<string>>();
  const { add, mask } = createMask();

  async function fetch(reference: SecretReference): Promise<string> {
    const value = await readSecret(reference);
    add(value);
    onResolved?.(value);
    return value;
  }

  async function readSecret(reference: SecretReference): Promise<string> {
    if ('fromEnv' in reference)
      return (await secretFromEnv(reference.fromEnv, env)) ?? missing(reference.fromEnv, env);
    if ('fromFile' in reference) return secretFromFile(reference.fromFile, folder);
    return secretFromCommand(reference.fromCommand, { folder, env, timeoutMs: commandTimeoutMs });
  }

  return {
    mask,
    resolve(reference) {
      const key = JSON.stringify(reference);
      const value = resolved.get(key) ?? fetch(reference);
      resolved.set(key, value);
      return value;
    },
  };
}

/**
 * A variable, or where it is not set the file of its name among the credentials that systemd gives a service
 * (`LoadCredential=`): those never show up in the environment of a process.
 */
async function secretFromEnv(
  name: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const folder = env.CREDENTIALS_DIRECTORY;
  if (env[name] !== undefined || folder === undefined) return env[name] || undefined;
  if (!isAbsolute(folder) || !/^\w+$/.test(name)) return undefined;
  return secretFromCredentials(name, folder);
}

function missing(name: string, env: Readonly<Record<string, string | undefined>>): never {
  const also = env.CREDENTIALS_DIRECTORY === undefined ? '' : ', and there is no credential of that name';
  throw new DiagnosticError(
    error(
      'secret',
      `the environment variable ${name} is ${env[name] === undefined ? `not set${also}` : 'empty'}`,
      {
        detail: `Set it in your shell (export ${name}=…) or in the secrets of your CI, and run the command again.`,
      },
    ),
  );
}
