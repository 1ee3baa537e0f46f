import type { SecureContext } from 'node:tls';
import type { Pool } from 'undici';
import type { HttpProxy } from './proxy.js';
import type { TunnelSettings } from './proxy-tunnel.js';
import { createTrustContext } from './tls.js';

export interface ConnectionLimits extends Pick<Pool.Options, 'connections' | 'maxResponseSize'> {
  /** Of making a connection, in milliseconds. */
  connectMs: number;
  /** Of waiting for the head of an answer, and between two parts of its body; default: undici's. */
  answerMs?: number;
  /** A PEM file of authorities that are trusted beside the system's. */
  caFile?: string | undefined;
  /** The name of the origin in faults of a proxy; default: its host and port. */
  title?: string;
}

/** A set of connections to one origin. */
export interface Connections {
  pool: Pool;
  /** Ends them, also those that are being made. */
  destroy(): Promise<void>;
}

/**
 * Opens connections to one origin, through the proxy where there is one: limits and trust are the same either way. Loaded
 * when the first request is sent: commands that send none should not pay for it, nor those without a proxy for proxies.
 */
export async function openConnections(
  origin: string,
  proxy: HttpProxy | undefined,
  { connectMs, answerMs, caFile, title, ...limits }: ConnectionLimits,
): Promise<Connections> {
  const { default: ConnectionPool } = await import('undici/lib/dispatcher/pool.js');
  const secureContext = caFile === undefined ? undefined : await createTrustContext(caFile);
  const options: Pool.Options = { ...limits };
  if (answerMs !== undefined) Object.assign(options, { headersTimeout: answerMs, bodyTimeout: answerMs });
  const direct = { timeout: connectMs, ...(secureContext && { secureContext }) };
  const closing = new AbortController();
  const tunnel = { title, timeoutMs: connectMs, signal: closing.signal };
  const connect = proxy === undefined ? direct : await tunnelThrough(proxy, direct, tunnel);
  const pool = new ConnectionPool(origin, { ...options, connect });
  return {
    pool,
    async destroy() {
      closing.abort();
      await pool.destroy();
    },
  };
}

async function tunnelThrough(proxy: HttpProxy, direct: TlsOptions, settings: TunnelSettings) {
  const { default: buildConnector } = await import('undici/lib/core/connect.js');
  const { createTunnelConnector } = await import('./proxy-tunnel.js');
  return createTunnelConnector(proxy, buildConnector(direct), settings);
}

interface TlsOptions {
  timeout: number;
  secureContext?: SecureContext;
}
