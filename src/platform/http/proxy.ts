import { BlockList, isIP } from 'node:net';
import { VendorError } from '../../model/vendor-error.js';

/** The variables of a run. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The proxy that the environment names for a destination. */
export interface HttpProxy {
  /** Host and port, for messages: never the user. */
  place: string;
  /** The variable that names it. */
  variable: string;
  secure: boolean;
  /** Of an IPv6 address without the brackets. */
  host: string;
  port: number;
  /** The value of `Proxy-Authorization`; absent without a user in the variable. */
  authorization?: string;
}

/**
 * The proxy for a destination, by the rules of undici's `EnvHttpProxyAgent`: small letters beat capitals, `HTTP_PROXY` is
 * for https as well where `HTTPS_PROXY` is not set, and nothing is exempt but for `NO_PROXY`, this machine included.
 * Throws `VendorError` where the variable does not hold a proxy, without its value.
 */
export function findProxy(destination: URL, env: Variables): HttpProxy | undefined {
  const ofHttps = destination.protocol === 'https:' ? readVariable('https_proxy', env) : undefined;
  const named = ofHttps ?? readVariable('http_proxy', env);
  if (named === undefined || isExempt(destination, env.no_proxy ?? env.NO_PROXY ?? '')) return undefined;
  return parseProxy(named.variable, named.value);
}

interface NamedValue {
  variable: string;
  value: string;
}

function readVariable(name: string, env: Variables): NamedValue | undefined {
  const variable = env[name] === undefined ? name.toUpperCase() : name;
  const value = env[variable]?.trim();
  return value ? { variable, value } : undefined;
}

function parseProxy(variable: string, value: string): HttpProxy {
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  if (!URL.canParse(address)) throw unusable(variable, 'is not the URL of a proxy, such as http://host:3128');
  const { protocol, hostname, port, username, password } = new URL(address);
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw unusable(variable, 'names a proxy that is reached neither by http:// nor by https://');
  }
  const secure = protocol === 'https:';
  const number = Number(port || (secure ? 443 : 80));
  const proxy: HttpProxy = {
    place: `${hostname}:${number}`,
    variable,
    secure,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: number,
  };
  if (username === '' && password === '') return proxy;
  const user = `${decoded(username, variable)}:${decoded(password, variable)}`;
  return { ...proxy, authorization: `Basic ${Buffer.from(user).toString('base64')}` };
}

function decoded(text: string, variable: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw unusable(variable, 'holds a user or a password with a "%" that is not written as %25');
  }
}

function unusable(variable: string, why: string): VendorError {
  return new VendorError('unreachable', `the variable ${variable} ${why}`);
}

/**
 * Tells if an entry of `NO_PROXY` covers the destination: `*`, a host with all that ends in it, each with a port or
 * without, or a network of addresses. undici knows no networks; other tools that read the same variable do.
 */
function isExempt(destination: URL, noProxy: string): boolean {
  const host = destination.hostname.toLowerCase();
  const port = destination.port || (destination.protocol === 'https:' ? '443' : '80');
  return noProxy.split(/[\s,]+/).some((entry) => {
    if (entry === '*') return true;
    if (entry.includes('/')) return isInNetwork(host, entry);
    const [, name = '', only] = splitPort(entry);
    const wanted = name.replace(/^\*?\./, '').toLowerCase();
    if (wanted === '' || (only !== undefined && only !== port)) return false;
    return host === wanted || host.endsWith(`.${wanted}`);
  });
}

/** The entry with its name, and its port where there is one. An IPv6 address may lack its brackets. */
function splitPort(entry: string): readonly (string | undefined)[] {
  if (isIP(entry) === 6) return [entry, `[${entry}]`];
  return /^(.+?)(?::(\d+))?$/.exec(entry) ?? [];
}

function isInNetwork(host: string, entry: string): boolean {
  const [network = '', bits = ''] = entry.split('/');
  const family = isIP(network);
  const address = host.replace(/^\[|\]$/g, '');
  if (family === 0 || isIP(address) !== family) return false;
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128)) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(network, Number(bits), type);
  return list.check(address, type);
}
