import type { Outcome } from '../model/outcome.js';
import { printable } from '../model/text.js';
import type { Terminal } from '../platform/process/terminal.js';
import { type CommonFlags, isQuiet } from './flags.js';

export interface Progress {
  outcome(outcome: Outcome, done: number, total: number): void;
  say(text: string): void;
  /** Removes the line that shows it. May be called twice. */
  end(): void;
}

/** One line on a terminal that is rewritten as work is done; nothing in a pipe. */
export function createProgress(terminal: Terminal, flags: Pick<CommonFlags, 'quiet' | 'logLevel'>): Progress {
  const live = terminal.live && !isQuiet(flags) && flags.logLevel !== 'warn';
  const clear = '\r\u001b[K';
  let shown = false;
  return {
    outcome({ address, status }, done, total) {
      if (!live) return;
      shown = true;
      terminal.err(`${clear}[${done}/${total}] ${status} ${printable(address)}`);
    },
    say(text) {
      terminal.err(`${shown ? clear : ''}${text}\n`);
      shown = false;
    },
    end() {
      if (shown) terminal.err(clear);
      shown = false;
    },
  };
}
