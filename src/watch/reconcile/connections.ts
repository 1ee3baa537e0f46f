import type { Connect, Reader } from '../../model/ports.js';

/** The connections of one run, so that the run can be given up. */
export interface Connections {
  /** Connections that are opened from now on are among them. */
  track<Connection extends Reader>(open: Connect<Connection>): Connect<Connection>;
  /** Ends all of them, and those to come at once: what waits for an answer fails. */
  cut(): void;
}

export function trackConnections(): Connections {
  const open = new Set<Reader>();
  let isCut = false;
  const close = (connection: Reader) => void connection.close().catch(() => undefined);
  return {
    track: (openOne) => (target, vendor, credential) => {
      const connection = openOne(target, vendor, credential);
      open.add(connection);
      if (isCut) close(connection);
      return connection;
    },
    cut() {
      isCut = true;
      for (const connection of open) close(connection);
    },
  };
}
