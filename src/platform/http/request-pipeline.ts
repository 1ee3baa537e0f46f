import type { Target } from '../../model/project.js';
import type { Answer, Vendor } from '../../model/vendor.js';
import { VendorError } from '../../model/vendor-error.js';
import type { Clock } from '../process/clock.js';
import { acquireAccount } from './accounts.js';
import { type Permit, saysDown } from './circuit-breaker.js';
import { createDeadline } from './deadline.js';
import { createDoubts, type Doubt } from './doubt.js';
import { describeOperation } from './network-error.js';
import { probePauseMs } from './outage.js';
import { parseResponse, type Sanitize } from './parse-response.js';
import type { Variables } from './proxy.js';
import { NotSentError } from './rate-limit.js';
import { mayRepeatLater, sendWithRetries } from './retry.js';
import { type AnsweredRequest, type OutgoingRequest, openTransport, type Transport } from './transport.js';
import { createWaitNotice, type OnWait } from './wait-notice.js';

/** One question, one answer: repeating where that cannot hurt, within a deadline, and waiting for an account that is down. */
export interface RequestPipeline extends Pick<Transport, 'counts' | 'close'> {
  /** Throws `VendorError` for everything that is not a clear yes. */
  request(request: OutgoingRequest): Promise<Answer>;
}

export interface PipelineSettings {
  clean: Sanitize;
  clock: Clock;
  /** Where a proxy may be named. */
  env: Variables;
  onAnswer?: ((answer: AnsweredRequest) => void) | undefined;
  /** Hears that requests wait long: for an account that is down, or that allows no more for a while. */
  onWait?: OnWait | undefined;
  /** Ends all waiting when it fires, and lets what can be sent at once go on. */
  stop?: AbortSignal | undefined;
  /** How long an outage may take; default: 2 minutes. */
  patienceMs?: number | undefined;
}

const PATIENCE_MS = 120_000;

export function createRequestPipeline(
  target: Target,
  vendor: Vendor,
  credential: string,
  settings: PipelineSettings,
): RequestPipeline {
  const { clean, clock, env, onAnswer, onWait, stop, patienceMs = PATIENCE_MS } = settings;
  const account = acquireAccount(new URL(target.baseUrl).origin, credential, clock);
  const { limiter } = account;
  const limited = createWaitNotice(onWait);
  const doubts = createDoubts(clock, createWaitNotice(onWait), patienceMs);
  const transport = openOrRelease();
  const closed = new AbortController();
  let answeredRead: OutgoingRequest | undefined;
  let answeredAt = Number.NEGATIVE_INFINITY;

  const circuit = account.circuit.connect({
    probe,
    patienceMs,
    signal: stop === undefined ? closed.signal : AbortSignal.any([closed.signal, stop]),
    wasAnswered: () => answeredRead !== undefined,
    onWait,
  });
  const ignoreHolds = account.onHold(transport.endPauses);
  if (stop?.aborted) transport.stopWaiting();
  stop?.addEventListener('abort', transport.stopWaiting, { once: true });

  function openOrRelease(): Transport {
    try {
      const notice = limited;
      return openTransport(target, vendor, credential, { clock, limiter, notice, env, onAnswer });
    } catch (fault) {
      account.release();
      throw fault;
    }
  }

  async function probe(): Promise<VendorError | undefined> {
    if (answeredRead === undefined) return undefined;
    const operation = describeOperation(answeredRead);
    const deadline = createDeadline(target.timeoutMs, clock);
    try {
      parseResponse(
        await transport.send(answeredRead, { repeated: true, deadline }),
        vendor,
        operation,
        clean,
      );
    } catch (fault) {
      if (saysDown(fault)) return fault;
      if (fault instanceof NotSentError)
        return new VendorError('unreachable', 'it was not sent', { operation });
    }
    return undefined;
  }

  async function answer(request: OutgoingRequest, permit: Permit, oneTry: boolean): Promise<Answer> {
    const operation = describeOperation(request);
    const deadline = createDeadline(target.timeoutMs, clock);
    const began = clock.now();
    let late = false;
    const attempts = {
      send: (repeated: boolean) => transport.send(request, { repeated: repeated || oneTry, deadline }),
      pause: transport.pause,
      mayRepeatIn(ms: number) {
        late = !deadline.allows(ms);
        return !late && permit.mayRepeat();
      },
    };
    const reply = await sendWithRetries(request, attempts, oneTry ? 0 : undefined);
    if (reply.status !== 429) answeredAt = clock.now();
    const said = () => `${request.path} ${JSON.stringify(request.body)}`;
    try {
      return parseResponse(reply, vendor, operation, (text, kind) => clean(text, kind, said));
    } catch (fault) {
      // Every other request would wait as long for the same answer.
      const exhausted = reply.status === 429 && late && answeredAt < began;
      if (exhausted && fault instanceof VendorError) circuit.open('the target refused every request', fault);
      throw fault;
    }
  }

  async function request(wanted: OutgoingRequest): Promise<Answer> {
    const doubt = doubts.open(wanted.op === 'read' ? 'read' : 'write');
    let answered = false;
    try {
      const given = await persist(wanted, doubt);
      answered = true;
      return given;
    } finally {
      doubt.close(answered);
    }
  }

  async function persist(wanted: OutgoingRequest, doubt: Doubt): Promise<Answer> {
    const operation = describeOperation(wanted);
    const began = clock.now();
    let failures = 0;
    let lastTry = false;
    let last: VendorError | undefined;
    for (;;) {
      const permit = await circuit.enter(operation);
      try {
        if (failures > 1) await transport.pause(probePauseMs(failures, Math.random()));
        const given = await answer(wanted, permit, lastTry || doubt.isOpen());
        await permit.settle();
        if (wanted.op === 'read') answeredRead = wanted;
        return given;
      } catch (fault) {
        const verdict = await permit.settle(fault);
        if (fault instanceof NotSentError) {
          // An earlier try may have been carried out, so its fault counts and not that of the one that was not sent.
          if (stop?.aborted) throw last ?? stoppedError(operation);
          continue;
        }
        if (verdict === 'give up' || lastTry) throw fault;
        lastTry = verdict === 'repeat once';
        if (!mayRepeatLater(wanted, fault, !lastTry)) throw fault;
        last = fault;
        failures += 1;
        if (verdict === 'repeat') doubt.forget();
        const next = verdict === 'repeat in doubt' ? doubt.add(fault) : 'repeat';
        if (next === 'its own') throw fault;
        if (next === 'repeat' && clock.now() - began <= patienceMs) continue;
        circuit.open('the target failed for too long', fault);
        throw fault;
      }
    }
  }

  return {
    counts: transport.counts,
    request,
    async close() {
      if (closed.signal.aborted) return;
      closed.abort();
      ignoreHolds();
      stop?.removeEventListener('abort', transport.stopWaiting);
      await transport.close();
      account.release();
    },
  };
}

function stoppedError(operation: string): VendorError {
  const message = 'not sent: the run was stopped while the request waited';
  return new VendorError('rate-limited', message, { operation, sent: false });
}
