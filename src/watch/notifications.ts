import { type PostLimits, postJson } from '../io/post-json.js';
import type { SecretReference, WatchNotify } from '../model/project.js';
import { isLoopback } from '../model/url.js';
import { type Envelope, slackBody, webhookBody } from './notice-messages.js';
import { createNotices, type Notice } from './notify.js';
import type { Observer } from './observer.js';

/** What sending needs to know of the project; asked each time, since a project may be taken over meanwhile. */
export interface Recipients {
  project: string;
  notify: readonly WatchNotify[];
  /** Address of the page, where there is one. */
  page?: string | undefined;
}

export interface NotificationParts {
  recipients(): Recipients;
  /** The value behind a reference. Throws `DiagnosticError`. */
  resolve(reference: SecretReference): Promise<string>;
  /** Is told of a message that nobody took. Names no address: that may be a secret. */
  onFailure(message: string): void;
  /** Whatever happens within this time goes into one message: a start with thirty targets is no storm. Default 3 s. */
  gatherMs?: number;
  now?: () => number;
  limits?: PostLimits;
}

/** Tells people what runs find. Never throws, and never makes a run wait. */
export function openNotifications(parts: NotificationParts): Observer & { close(): Promise<void> } {
  const { gatherMs = 3000, now = Date.now } = parts;
  const notices = createNotices();
  const leaving = new AbortController();
  const sending = new Set<Promise<void>>();
  let waiting: Notice[] = [];
  let timer: NodeJS.Timeout | undefined;

  function send(): void {
    clearTimeout(timer);
    timer = undefined;
    const gathered = waiting;
    waiting = [];
    const { project, page, notify } = parts.recipients();
    const envelope = { project, page, ts: new Date(now()).toISOString() };
    for (const [i, one] of notify.entries()) {
      const wanted = gathered.filter((notice) => concerns(notice, one));
      if (wanted.length === 0) continue;
      const done = deliver(one, i, wanted, envelope).finally(() => sending.delete(done));
      sending.add(done);
    }
  }

  async function deliver(one: WatchNotify, i: number, wanted: Notice[], envelope: Envelope): Promise<void> {
    let reason: string | undefined;
    try {
      const url = typeof one.url === 'string' ? one.url : await parts.resolve(one.url);
      const secret = one.secret && (await parts.resolve(one.secret));
      const body = one.type === 'slack' ? slackBody(wanted, envelope) : webhookBody(wanted, envelope);
      reason = isFit(url)
        ? await postJson({ url, body, secret }, { ...parts.limits, signal: leaving.signal })
        : 'its address is not an https URL';
    } catch (error) {
      reason = error instanceof Error ? error.message : 'its secret cannot be read';
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
      await Promise.all(sending);
      clearTimeout(late);
    },
  };
}

/** How long a message may take once we are told to stop. */
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
