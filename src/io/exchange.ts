import type { Target } from '../model/project.js';
import type { Answer, Vendor } from '../model/vendor.js';
import { type Clean, toAnswer } from './answer.js';
import { NotSentError } from './budget.js';
import { closedCircuit, type Pass } from './circuit.js';
import type { Clock } from './clock.js';
import { openDeadline } from './deadline.js';
import { operationOf } from './fault.js';
import { replyWithRetries } from './retry.js';
import { type Answered, openTransport, type Sent, type Transport } from './transport.js';

/** One question, one answer: repeating where that cannot hurt, within a deadline, and never to a dead target. */
export interface Exchange extends Pick<Transport, 'counts' | 'close'> {
  /** Throws `VendorError` for everything that is not a clear yes. */
  ask(request: Sent): Promise<Answer>;
}

export interface ExchangeSettings {
  clean: Clean;
  clock: Clock;
  onAnswer?: ((answer: Answered) => void) | undefined;
}

export function openExchange(
  target: Target,
  vendor: Vendor,
  credential: string,
  { clean, clock, onAnswer }: ExchangeSettings,
): Exchange {
  const transport = openTransport(target, vendor, credential, { clock, onAnswer });
  const circuit = closedCircuit(clock, transport.drop);

  async function answer(request: Sent, operation: string, pass: Pass): Promise<Answer> {
    const deadline = openDeadline(target.timeoutMs, clock);
    const reply = await replyWithRetries(request, {
      send: (repeated) => transport.send(request, { repeated, deadline }),
      pause: transport.pause,
      mayRepeatIn: (ms) => pass.mayRepeat() && deadline.allows(ms),
    });
    return toAnswer(reply, vendor, operation, clean);
  }

  return {
    counts: transport.counts,
    close: transport.close,
    async ask(request) {
      const operation = operationOf(request);
      const pass = circuit.enter(operation);
      try {
        const given = await answer(request, operation, pass);
        pass.settle();
        return given;
      } catch (error) {
        pass.settle(error);
        throw error instanceof NotSentError ? circuit.refusal(operation) : error;
      }
    },
  };
}
