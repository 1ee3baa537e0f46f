/** The address of an object: `<target>/<kind>/<name>`, unique within a project. */
export type Address = string;

export function formatAddress(target: string, kind: string, name: string): Address {
  return `${target}/${kind}/${name}`;
}

/** Tells whether an address is on a target, and of a kind where one is given. */
export function isWithin(address: Address, target: string, kind?: string): boolean {
  return address.startsWith(kind === undefined ? `${target}/` : `${target}/${kind}/`);
}

export function parseAddress(address: Address): { target: string; kind: string; name: string } {
  const [target = '', kind = '', name = ''] = address.split('/');
  return { target, kind, name };
}
