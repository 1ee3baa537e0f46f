/** The service manager that started this process. */
export interface Systemd {
  /** The longest interval between two signs of life; undefined where systemd does not ask for any. */
  watchdogMs: number | undefined;
  /** Tells it something, such as `READY=1`. What goes wrong is not worth stopping for; false then. */
  notify(...states: string[]): Promise<boolean>;
}

/** Undefined where no service manager listens. Node has no datagram sockets, so `systemd-notify` speaks for us. */
export function openSystemd(env: Readonly<Record<string, string | undefined>>): Systemd | undefined {
  const { NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID } = env;
  if (NOTIFY_SOCKET === undefined || NOTIFY_SOCKET === '') return undefined;
  const micros = Number(WATCHDOG_USEC);
  const ours = WATCHDOG_PID === undefined || Number(WATCHDOG_PID) === process.pid;
  return {
    watchdogMs: ours && micros > 0 ? micros / 1000 : undefined,
    async notify(...states) {
      const { execa } = await import('execa');
      const { failed } = await execa('systemd-notify', states.map(oneLine), {
        env: { ...env, NOTIFY_SOCKET },
        extendEnv: false,
        stdio: 'ignore',
        reject: false,
        timeout: LIMIT_MS,
      });
      return !failed;
    },
  };
}

const LIMIT_MS = 5000;

/** A line break would begin another state. */
function oneLine(state: string): string {
  return state.replace(/[\p{Cc}]+/gu, ' ');
}
