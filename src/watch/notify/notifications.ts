import { DiagnosticError } from '../../model/diagnostic.js';
import type { SecretReference, WatchNotify } from '../../model/project.js';
import { unexpectedDiagnostic } from '../../model/unexpected.js';
import { isLoopback } from '../../model/url.js';
import { type PostLimits, postJson } from '../../platform/http/post-json.js';
import type { Observer } from '../state/observer.js';
import { slackBody, webhookBody } from './notice-messages.js';
import { createNotices, type Notice } from './notices.js';
import { createOutbox, type Outbox } from './outbox.js';

/** The project's data for sending; asked each time, since a project may be taken over meanwhile. */
export interface Recipients {
  project: string;
  notify: readonly WatchNotify[];
  /** Address of the page, where there is one. */
  page?: string | undefined;
}

export interface NotificationOptions {
  recipients(): Recipients;
  /** The value behind a reference. Throws `DiagnosticError`. */
  resolve(reference: SecretReference): Promise<string>;
  /** Called with a message that was not delivered. Names no address: that may be a secret. */
  onFailure(message: string): void;
  /** Events within this time go into one message, so that a start with thirty targets is no storm. Default 3 s. */
  gatherMs?: number;
  now?: () => number;
  limits?: PostLimits;
}

/** Tells people what runs find. Never throws, and never makes a run wait. */
export function createNotifications(parts: NotificationOptions): Observer & { close(): Promise<void> } {
  const { gatherMs = 3000, now = Date.now } = parts;
  const notices = createNotices();
  const leaving = new AbortController();
  const outboxes = new Map<string, Outbox>();
  let waiting: Notice[] = [];
  let timer: NodeJS.Timeout | undefined;

  function send(): void {
    clearTimeout(timer);
    timer = undefined;
    const gathered = waiting;
    waiting = [];
    for (const [i, one] of parts.recipients().notify.entries()) {
      const wanted = gathered.filter((notice) => concerns(notice, one));
      if (wanted.length > 0) outboxOf(one, i).add(wanted);
    }
  }

  /** A recipient that the project does not know any more keeps what is under way, and gets nothing new. */
  function outboxOf(one: WatchNotify, i: number): Outbox {
    const key = `${i} ${JSON.stringify(one)}`;
    const outbox = outboxes.get(key) ?? createOutbox((wanted) => deliver(one, i, wanted));
    outboxes.set(key, outbox);
    return outbox;
  }

  async function deliver(one: WatchNotify, i: number, wanted: Notice[]): Promise<void> {
    let reason: string | undefined;
    try {
      const { project, page } = parts.recipients();
      const envelope = { project, page, ts: new Date(now()).toISOString() };
      const url = typeof one.url === 'string' ? one.url : await parts.resolve(one.url);
      const secret = one.secret && (await parts.resolve(one.secret));
      const body = one.type === 'slack' ? slackBody(wanted, envelope) : webhookBody(wanted, envelope);
      reason = isFit(url)
        ? await postJson({ url, body, secret }, { tries: TRIES, ...parts.limits, signal: leaving.signal })
        : 'its address is not an https URL';
    } catch (error) {
      reason = error instanceof DiagnosticError ? error.message : unexpectedDiagnostic(error).summary;
    }
    if (reason !== undefined) parts.onFailure(`watch.notify[${i}] (${one.type}) was not told: ${reason}`);
  }

  return {
    onRun(target, record) {
      const notice = notices.after(target, record, now());
      if (notice === undefined) return;
      waiting.push(notice);
      timer ??= setTimeout(send, gatherMs);
    },
    async close() {
      if (timer !== undefined) send();
      const late = setTimeout(() => leaving.abort(), CLOSE_MS);
      await Promise.all([...outboxes.values()].map((outbox) => outbox.done()));
      clearTimeout(late);
    },
  };
}

/** With the pauses between them about three minutes: less than the five after which a `ts` is to be refused. */
const TRIES = 6;

/** The time for a message once watch has to stop. */
const CLOSE_MS = 5000;

/** Recovery goes to those who were told what is over. */
function concerns({ kind, of = [] }: Notice, { on }: WatchNotify): boolean {
  if (!on.includes(kind)) return false;
  return kind !== 'recovery' || on.length === 1 || of.some((what) => on.includes(what));
}

/** The rule of the project file for addresses holds for those that come from a secret as well. */
function isFit(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}
