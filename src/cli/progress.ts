import type { Outcome } from '../model/outcome.js';
import type { Target } from '../model/project.js';
import { printable } from '../model/text.js';
import { endOfWait, type VendorError } from '../model/vendor-error.js';
import { systemClock } from '../platform/process/clock.js';
import type { Terminal } from '../platform/process/terminal.js';
import { type CommonFlags, isQuiet } from './flags.js';

export interface Progress {
  outcome(outcome: Outcome, done: number, total: number): void;
  say(text: string): void;
  /** The same, where progress is wanted. */
  note(text: string): void;
  /** Says that requests wait for a target. Returns what is told, at the end, whether it answered. */
  wait(
    target: Pick<Target, 'name'>,
    fault: Pick<VendorError, 'code' | 'message'>,
  ): (answered: boolean) => void;
  /** Removes the line that shows it. May be called twice. */
  end(): void;
}

const CLEAR = '\r\u001b[K';

/** One line on a terminal that is rewritten as work is done. In a pipe nothing but when a wait begins and when it ends. */
export function createProgress(terminal: Terminal, flags: Pick<CommonFlags, 'quiet' | 'logLevel'>): Progress {
  const { clock = systemClock } = terminal;
  const wanted = !isQuiet(flags) && flags.logLevel !== 'warn';
  const live = terminal.live && wanted;
  const waits = new Map<symbol, { name: string; since: number }>();
  let ticking: NodeJS.Timeout | undefined;
  let shown = false;

  function show(text: string): void {
    if (!live) return;
    shown = true;
    terminal.err(`${CLEAR}${text}`);
  }

  function say(text: string): void {
    terminal.err(`${shown ? CLEAR : ''}${text}\n`);
    shown = false;
  }

  function end(): void {
    if (shown) terminal.err(CLEAR);
    shown = false;
  }

  const secondsSince = (since: number) => Math.round((clock.now() - since) / 1000);

  function showWaits(): void {
    // A target may be waited for twice, as for its limit while it is down; the first is the longest.
    const longest = new Map([...waits.values()].reverse().map(({ name, since }) => [name, since]));
    const texts = [...longest].reverse().map(([name, since]) => `${name}, ${secondsSince(since)} s`);
    show(`waiting for ${texts.join('; ')}`);
  }

  return {
    outcome: ({ address, status }, done, total) => show(`[${done}/${total}] ${status} ${printable(address)}`),
    say,
    note: (text) => {
      if (wanted) say(printable(text));
    },
    wait({ name }, { code, message }) {
      if (!wanted) return () => undefined;
      const since = clock.now();
      const words = endOfWait(code);
      const wait = Symbol(name);
      waits.set(wait, { name, since });
      if (live) {
        showWaits();
        ticking ??= setInterval(showWaits, 1000);
      } else say(`waiting for ${name}: ${printable(message)}`);
      return (answered) => {
        waits.delete(wait);
        if (waits.size === 0) {
          clearInterval(ticking);
          ticking = undefined;
          end();
        }
        if (!live) {
          say(`${name} ${answered ? words.done : words.gaveUp} (${secondsSince(since)} s)`);
        }
      };
    },
    end,
  };
}
