import { randomBytes } from 'node:crypto';

/** Random bytes in base64. */
export function randomBase64(bytes: number): string {
  return randomBytes(bytes).toString('base64');
}
