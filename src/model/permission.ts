import type { Guards } from './project.js';

/** An action that the operator has to allow from outside the project. */
export type Permission =
  /** Sending a credential, or notifications, to this host; with its port, unless that is the usual one. */
  | { allow: 'host'; host: string }
  /** Reading a file outside the project. */
  | { allow: 'file'; path: string }
  /** Running the commands of `fromCommand`. */
  | { allow: 'commands' }
  /** Going on with a target whose account is another one than the ledger remembers. */
  | { allow: 'rebind'; target: string }
  /** A number beyond this guard: at least so many. */
  | { allow: 'guard'; guard: keyof Guards; least: number };
