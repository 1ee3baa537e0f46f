/** An action that the operator has to allow from outside the project. */
export type Permission =
  /** Sending a credential, or notifications, to this host; with its port, unless that is the usual one. */
  | { allow: 'host'; host: string }
  /** Reading a file outside the project. */
  | { allow: 'file'; path: string }
  /** Running the commands of `fromCommand`. */
  | { allow: 'commands' };
