/** The address of an object: `<target>/<kind>/<name>`, unique within a project. */
export type Address = string;

export function formatAddress(target: string, kind: string, name: string): Address {
  return `${target}/${kind}/${name}`;
}

export function parseAddress(address: Address): { target: string; kind: string; name: string } {
  const [target = '', kind = '', name = ''] = address.split('/');
  return { target, kind, name };
}
