import { pino } from 'pino';

export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** Structured fields of a log line. Of manifests and vendors only names; never a value. */
export interface LogFields {
  target?: string | undefined;
  commit?: string | undefined;
  reconcileId?: string | undefined;
  durationMs?: number | undefined;
  err?: { code: string; message?: string } | undefined;
  [fact: string]: unknown;
}

/** A log of one line for each event. */
export type Log = Readonly<Record<LogLevel, (msg: string, facts?: LogFields) => void>>;

/** JSON lines with `ts` (ISO 8601), `level` (a word) and `msg` first. `write` gets each line with its newline. */
export function openLog(write: (line: string) => void, level: LogLevel): Log {
  const logger = pino(
    {
      level,
      base: null,
      messageKey: 'msg',
      timestamp: () => `,"ts":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: (err: unknown) => err },
    },
    { write },
  );
  const line =
    (name: LogLevel) =>
    (msg: string, facts: LogFields = {}) =>
      logger[name](facts, msg);
  return { error: line('error'), warn: line('warn'), info: line('info'), debug: line('debug') };
}
