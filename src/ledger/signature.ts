import { createHmac, timingSafeEqual } from 'node:crypto';

/** Gives the key that a ledger is signed with. Throws `DiagnosticError`. */
export type LedgerKey = () => Promise<string>;

/** Names the way it was made, so that another one can be told from it later. */
const FORM = 'hmac-sha256:';

/** The signature of a ledger's text, which is the same for the same content: keys are sorted. */
export function signText(text: string, key: string): string {
  return FORM + createHmac('sha256', key).update(text).digest('base64url');
}

/** Tells if a signature is the one that this key makes, in a time that does not depend on where they differ. */
export function isSignatureOf(text: string, key: string, signature: string): boolean {
  const [wanted, found] = [signText(text, key), signature].map((one) => Buffer.from(one));
  return wanted !== undefined && found?.length === wanted.length && timingSafeEqual(found, wanted);
}
