import type { SecretReference } from './project.js';

/** The source of a secret, in words; never the secret. */
export function describeSecretSource(reference: SecretReference): string {
  if ('fromEnv' in reference) return `the environment variable ${reference.fromEnv}`;
  if ('fromFile' in reference) return `the file ${reference.fromFile}`;
  return `the command ${reference.fromCommand[0] ?? ''}`;
}
