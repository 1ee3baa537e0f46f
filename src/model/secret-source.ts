import type { SecretReference } from './project.js';

/** The source of a secret, in words; never the secret. */
export function describeSecretSource(reference: SecretReference): string {
  return 'fromEnv' in reference
    ? `the environment variable ${reference.fromEnv}`
    : secretSourceName(reference);
}

/** The same where it is clear that a variable is a variable. */
export function secretSourceName(reference: SecretReference): string {
  if ('fromEnv' in reference) return reference.fromEnv;
  if ('fromFile' in reference) return `the file ${reference.fromFile}`;
  return `the command ${reference.fromCommand[0] ?? ''}`;
}
