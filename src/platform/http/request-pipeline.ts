import type { Target } from '../../model/project.js';
import type { Answer, Vendor } from '../../model/vendor.js';
import type { Clock } from '../process/clock.js';
import { createCircuitBreaker, type Permit } from './circuit-breaker.js';
import { createDeadline } from './deadline.js';
import { describeOperation } from './network-error.js';
import { parseResponse, type Sanitize } from './parse-response.js';
import { NotSentError } from './rate-limit.js';
import { sendWithRetries } from './retry.js';
import { type AnsweredRequest, type OutgoingRequest, openTransport, type Transport } from './transport.js';

/** One question, one answer: repeating where that cannot hurt, within a deadline, and never to a dead target. */
export interface RequestPipeline extends Pick<Transport, 'counts' | 'close'> {
  /** Throws `VendorError` for everything that is not a clear yes. */
  request(request: OutgoingRequest): Promise<Answer>;
}

export interface PipelineSettings {
  clean: Sanitize;
  clock: Clock;
  onAnswer?: ((answer: AnsweredRequest) => void) | undefined;
}

export function createRequestPipeline(
  target: Target,
  vendor: Vendor,
  credential: string,
  { clean, clock, onAnswer }: PipelineSettings,
): RequestPipeline {
  const transport = openTransport(target, vendor, credential, { clock, onAnswer });
  const circuit = createCircuitBreaker(clock, transport.drop);

  async function answer(request: OutgoingRequest, operation: string, pass: Permit): Promise<Answer> {
    const deadline = createDeadline(target.timeoutMs, clock);
    const reply = await sendWithRetries(request, {
      send: (repeated) => transport.send(request, { repeated, deadline }),
      pause: transport.pause,
      mayRepeatIn: (ms) => pass.mayRepeat() && deadline.allows(ms),
    });
    const said = () => `${request.path} ${JSON.stringify(request.body)}`;
    return parseResponse(reply, vendor, operation, (text, kind) => clean(text, kind, said));
  }

  return {
    counts: transport.counts,
    close: transport.close,
    async request(request) {
      const operation = describeOperation(request);
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
