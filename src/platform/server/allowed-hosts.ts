import { isIP } from 'node:net';

/**
 * Which `Host` headers are answered. On loopback only the names of the own machine are: a page of a stranger whose
 * name was made to point to 127.0.0.1 (DNS rebinding) would otherwise read everything. Elsewhere the network decides,
 * unless names are given: then those are answered to, and bare addresses, which probes ask for and DNS cannot rebind.
 */
export function createHostCheck(
  boundTo: string,
  allowed: readonly string[],
): (header: string | undefined) => boolean {
  const local = isLoopback(boundTo);
  if (!local && allowed.length === 0) return () => true;
  const names = new Set(['localhost', '127.0.0.1', '::1', boundTo, ...allowed].map(bareName));
  const known = (name: string) => names.has(name) || (!local && isIP(name) !== 0);
  return (header) => header !== undefined && known(bareName(header));
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}

/** Without port, brackets, trailing dot; in lower case. */
function bareName(host: string): string {
  const bracketed = /^\[([^\]]*)\](:\d+)?$/.exec(host);
  const name = bracketed?.[1] ?? (/^[^:]*:\d+$/.test(host) ? host.replace(/:\d+$/, '') : host);
  return name.toLowerCase().replace(/\.$/, '');
}
