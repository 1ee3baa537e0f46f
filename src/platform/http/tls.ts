import { readFile } from 'node:fs/promises';
import type { SecureContext } from 'node:tls';
import { VendorError } from '../../model/vendor-error.js';
import { describeFileError } from '../fs/files.js';

/**
 * The system's roots and those of a PEM file. Made once per target: reading the roots again for every
 * connection would cost more than the connection. Throws `VendorError` `tls`.
 */
export async function createTrustContext(caFile: string): Promise<SecureContext> {
  const tls = await import('node:tls');
  const own = await readPem(caFile);
  try {
    return tls.createSecureContext({ ca: [...(await systemRoots(tls)), own] });
  } catch (error) {
    throw new VendorError('tls', `caFile ${caFile} holds a certificate that cannot be read`, {
      cause: error,
    });
  }
}

async function readPem(caFile: string): Promise<string> {
  const pem = await readFile(caFile, 'utf8').catch((error: unknown) => {
    throw new VendorError('tls', `caFile ${caFile} cannot be read: ${describeFileError(error)}`, {
      cause: error,
    });
  });
  if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem;
  throw new VendorError('tls', `caFile ${caFile} holds no certificate in PEM form`);
}

/**
 * The roots that Node trusts by itself, with those of NODE_EXTRA_CA_CERTS and, where it was told to use them, the operating
 * system's: naming our own switches all of them off. Only newer lines of Node can be asked.
 */
async function systemRoots(tls: TlsModule & Partial<NewerTls>): Promise<readonly string[]> {
  if (tls.getCACertificates !== undefined) return tls.getCACertificates('default');
  return [...tls.rootCertificates, ...(await extraRoots())];
}

type TlsModule = typeof import('node:tls');

/** Since Node 22.15. */
interface NewerTls {
  getCACertificates(type: 'default'): string[];
}

async function extraRoots(): Promise<string[]> {
  const path = process.env.NODE_EXTRA_CA_CERTS;
  if (!path) return [];
  return readFile(path, 'utf8').then(
    (pem) => [pem],
    () => [],
  );
}
