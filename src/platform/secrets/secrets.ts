import { isAbsolute } from 'node:path';
import { DiagnosticError, error } from '../../model/diagnostic.js';
import type { Secrets } from '../../model/ports.js';
import type { SecretReference } from '../../model/project.js';
import { describeSecretSource } from '../../model/secret-source.js';
import { createMask, type Mask } from './mask.js';
import { createSecretIndex, type SecretIndex } from './secret-index.js';
import { dropLineEnd, readSecretFile, readSystemdCredential, runSecretCommand } from './secret-sources.js';

export interface SecretOptions {
  /** Default: the process's own environment. Commands see it as well. */
  env?: Readonly<Record<string, string | undefined>>;
  /** The known secrets of the process; default: an empty set of its own. */
  mask?: Mask | undefined;
  /** Absolute: files and folders outside `folder` that references may name. Default: none. */
  allowedFiles?: readonly string[];
  /** Is told every value before anything else has it. */
  onSecret?: ((value: string, from: SecretReference) => void) | undefined;
  /** Default: 30 seconds. */
  commandTimeoutMs?: number;
}

/** A secret with what a file of the project is told apart by. */
interface Fetched {
  value: string;
  /** It is a file that is chosen and written by the same people as the manifests. */
  ofProject: boolean;
}

/** Files and commands are relative to `folder`, the project file's. */
export function openSecrets(
  folder: string,
  {
    env = process.env,
    mask = createMask(),
    onSecret,
    allowedFiles = [],
    commandTimeoutMs = 30_000,
  }: SecretOptions = {},
): Secrets {
  const resolved = new Map<string, Promise<string>>();
  const known = new Map<string, SecretReference>();
  const hold = mask.hold();
  let index: SecretIndex | undefined;

  async function fetch(reference: SecretReference): Promise<string> {
    const { value, ofProject } = await readSecret(reference);
    refuseLarge(value, reference);
    hold.add(value);
    onSecret?.(value, reference);
    // The other sources say more than a file of the project.
    if (!ofProject || !known.has(value)) known.set(value, reference);
    index = undefined;
    return value;
  }

  async function readSecret(reference: SecretReference): Promise<Fetched> {
    if ('fromFile' in reference) return readSecretFile(reference.fromFile, { folder, allowed: allowedFiles });
    const value =
      'fromEnv' in reference
        ? ((await secretFromEnv(reference.fromEnv, env)) ?? missing(reference.fromEnv, env))
        : await runSecretCommand(reference.fromCommand, { folder, env, timeoutMs: commandTimeoutMs });
    return { value, ofProject: false };
  }

  return {
    mask: mask.mask,
    clean: mask.clean,
    release: hold.release,
    sourcesIn(text) {
      index ??= indexOf([...known.keys()]);
      return index.find(text).flatMap(({ secret }) => known.get(secret) ?? []);
    },
    sourceOf: (text) => known.get(text) ?? known.get(text.trim()),
    resolve(reference) {
      const key = JSON.stringify(reference);
      const value = resolved.get(key) ?? fetch(reference);
      resolved.set(key, value);
      return value;
    },
  };
}

function indexOf(secrets: readonly string[]): SecretIndex {
  const index = createSecretIndex();
  for (const secret of secrets) index.add(secret);
  return index;
}

/** No vendor takes a longer one, and each is compared with every text that is shown. */
const MAX_BYTES = 16 * 1024;

function refuseLarge(value: string, reference: SecretReference): void {
  const bytes = Buffer.byteLength(value);
  if (bytes <= MAX_BYTES) return;
  const summary = `${describeSecretSource(reference)} gives a secret of ${bytes} bytes, and ${MAX_BYTES} are the most`;
  const detail =
    'A secret is a key or a token of 16 KiB at most: check that the reference names the right thing.';
  throw new DiagnosticError(error('secret', summary, { detail }));
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
  const value = env[name];
  if (value !== undefined || folder === undefined) return dropLineEnd(value ?? '') || undefined;
  if (!isAbsolute(folder) || !/^\w+$/.test(name)) return undefined;
  return readSystemdCredential(name, folder);
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
