import { namesHelper } from './remote.js';

/** The address of a submodule, which may be written relative to that of its repository. */
export function resolveSubmoduleUrl(base: string, url: string): string {
  if (!/^\.\.?\//.test(url)) return url;
  let [above, rest] = [base.replace(/\/+$/, ''), url];
  let separator = '/';
  for (let step = /^\.\.?\//.exec(rest); step !== null; step = /^\.\.?\//.exec(rest)) {
    rest = rest.slice(step[0].length);
    if (step[0] === './') continue;
    const cut = Math.max(above.lastIndexOf('/'), above.lastIndexOf(':'));
    separator = above[cut] ?? '/';
    above = above.slice(0, Math.max(cut, 0));
  }
  return above + separator + rest;
}

/**
 * Tells if a submodule may be fetched: from the host of the repository that names it, or from one that the operator allows,
 * and never over a connection that is less safe.
 */
export function isAllowedSubmodule(url: string, repository: string, hosts: readonly string[]): boolean {
  const [wanted, own] = [parseAddress(url), parseAddress(repository)];
  if (wanted === undefined) return false;
  const safe = wanted.scheme === 'https' || wanted.scheme === 'ssh';
  if (own !== undefined && own.host === wanted.host && (safe || own.scheme === wanted.scheme)) return true;
  if (wanted.scheme === 'file') return false;
  const names = safe ? [wanted.host, wanted.name] : [`${wanted.scheme}://${wanted.host}`];
  const exact = wanted.scheme === 'ssh' ? names : names.slice(0, 1);
  return hosts.some((host) => exact.includes(host.toLowerCase()));
}

/** The host of an address, for messages. */
export function shownHost(url: string): string {
  const address = parseAddress(url);
  return address === undefined ? 'its address' : address.host || 'a folder of this machine';
}

interface GitAddress {
  scheme: 'https' | 'http' | 'ssh' | 'git' | 'file';
  /** With its port where there is one; empty for a folder of this machine. */
  host: string;
  name: string;
}

function parseAddress(url: string): GitAddress | undefined {
  if (/^-|[\s\p{Cc}]/u.test(url) || namesHelper(url)) return undefined;
  if (url.startsWith('/') || url.startsWith('file:///')) return { scheme: 'file', host: '', name: '' };
  const [, scheme] = /^(https|http|ssh|git):\/\//i.exec(url) ?? [];
  if (scheme !== undefined) {
    if (!URL.canParse(url)) return undefined;
    const { host, hostname } = new URL(url);
    const found = SCHEMES.find((one) => one === scheme.toLowerCase());
    return found && { scheme: found, host: host.toLowerCase(), name: hostname.toLowerCase() };
  }
  // As scp writes it: user@host:path.
  const [, name] = /^(?:[^/@:]+@)?([A-Za-z0-9.-]+):(?!\/\/)/.exec(url) ?? [];
  return name === undefined
    ? undefined
    : { scheme: 'ssh', host: name.toLowerCase(), name: name.toLowerCase() };
}

const SCHEMES = ['https', 'http', 'ssh', 'git'] as const;
