import { type Address, isWithin } from '../model/address.js';
import type { DesiredState } from '../model/desired-state.js';
import { type Diagnostic, DiagnosticError, warning } from '../model/diagnostic.js';
import { isEmpty, isObject, type JsonObject } from '../model/json.js';
import type { EnginePorts } from '../model/ports.js';

/** Other people's keys that an interrupted replacement has yet to hand on, as far as they can be read. */
export interface Inherited {
  keys: Map<Address, JsonObject>;
  diagnostics: Diagnostic[];
}

/** Seals other people's keys with a target's credential, so that the ledger does not show them. */
export type SealKeys = (target: string, keys: JsonObject) => Promise<string | undefined>;

export function createKeySealer({ targets, ledger }: DesiredState, ports: EnginePorts): SealKeys {
  return async (name, keys) => {
    const target = targets.find((one) => one.name === name);
    if (target === undefined || isEmpty(keys)) return undefined;
    return ports.seals(ledger.salt).seal(keys, await ports.secrets.resolve(target.auth));
  };
}

/** Opens what earlier runs sealed. A target whose credential cannot be had is left out: it cannot be read either. */
export async function openInherited(
  { targets, ledger }: DesiredState,
  ports: EnginePorts,
): Promise<Inherited> {
  const inherited: Inherited = { keys: new Map(), diagnostics: [] };
  for (const [address, { inherited: sealed }] of Object.entries(ledger.intents)) {
    const target = targets.find(({ name }) => isWithin(address, name));
    if (sealed === undefined || target === undefined) continue;
    // Ledgers of before these keys were sealed hold them as they are.
    if (typeof sealed !== 'string') {
      inherited.keys.set(address, sealed);
      continue;
    }
    const credential = await ports.secrets.resolve(target.auth).catch(absent);
    if (credential === undefined) continue;
    const keys = await ports.seals(ledger.salt).open(sealed, credential);
    if (isObject(keys)) inherited.keys.set(address, keys);
    else inherited.diagnostics.push(lost(address, target.name));
  }
  return inherited;
}

function absent(error: unknown): undefined {
  if (!(error instanceof DiagnosticError)) throw error;
}

function lost(address: Address, target: string): Diagnostic {
  return warning(
    'ledger',
    `keys that others had set in ${address} are lost: they are sealed with another credential of target ${target}`,
    {
      detail:
        'Its replacement was interrupted. Apply once with the credential of that time; with this one the new object starts without those keys.',
      address,
    },
  );
}
