import { Cron } from 'croner';
import { parseDuration, WEEK_MS } from '../../model/duration.js';
import { formatPath, quoteName } from '../../model/format-path.js';
import { isObject, type Json, type JsonObject } from '../../model/json.js';
import { formatPointer } from '../../model/pointer.js';
import { didYouMean } from '../../model/suggest.js';
import { isLoopback } from '../../model/url.js';
import { urlHoldsKey } from '../../model/url-keys.js';
import type { Readable } from '../document/inside-project.js';
import { checkSecretFile } from '../document/secret-file.js';
import { addFinding, type DocumentPlace } from '../yaml/findings.js';
import type { Message } from '../yaml/value-messages.js';

/** Checks what a project file says of watch beyond its schema, and as far as the schema finds nothing wrong. */
export function checkWatch(place: DocumentPlace, project: JsonObject, readable: Readable): void {
  const watch = isObject(project.watch) ? project.watch : {};
  checkTimes(place, '/watch', watch);
  if (isObject(watch.git)) checkGit(place, watch.git);
  checkPort(place, watch.listen);
  checkPageUrl(place, watch.url);
  const references = [watch.webhookSecret, watch.uiToken];
  for (const [i, name] of ['webhookSecret', 'uiToken'].entries())
    checkReference(place, `/watch/${name}`, references[i], readable);
  for (const [i, notify] of listOf(watch.notify).entries())
    checkNotify(place, `/watch/notify/${i}`, notify, readable);
  for (const [name, target] of Object.entries(isObject(project.targets) ? project.targets : {})) {
    const path = formatPointer(['targets', name, 'watch']);
    if (isObject(target) && isObject(target.watch)) checkTimes(place, path, target.watch);
  }
}

function checkTimes(place: DocumentPlace, path: string, watch: JsonObject): void {
  for (const name of ['interval', 'runLimit']) checkDuration(place, `${path}/${name}`, watch[name]);
  for (const [i, window] of listOf(watch.windows).entries()) {
    const at = `${path}/windows/${i}`;
    const known = checkTimeZone(place, `${at}/timeZone`, window.timeZone);
    checkCron(place, `${at}/cron`, window.cron, known ? window.timeZone : undefined);
    checkDuration(place, `${at}/duration`, window.duration);
  }
}

function checkDuration(place: DocumentPlace, path: string, value: Json | undefined): void {
  if (typeof value !== 'string' || !(parseDuration(value) > WEEK_MS)) return;
  addFinding(place, {
    code: 'project',
    summary: `${formatPath(path)} is longer than a week`,
    detail: 'Write 168h or less.',
    path,
  });
}

function checkTimeZone(place: DocumentPlace, path: string, zone: Json | undefined): boolean {
  if (typeof zone !== 'string' || zone === '') return zone === undefined;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    addFinding(place, {
      code: 'unknown',
      summary: `unknown time zone ${quoteName(zone)}`,
      detail: `${didYouMean(zone, Intl.supportedValuesOf('timeZone'))}It takes an IANA name such as Europe/Berlin, or UTC.`,
      path,
    });
    return false;
  }
}

function checkCron(place: DocumentPlace, path: string, cron: Json | undefined, zone: Json | undefined): void {
  if (typeof cron !== 'string' || cron === '') return;
  const reason = cronError(cron, typeof zone === 'string' ? zone : 'UTC');
  if (reason === undefined) return;
  addFinding(place, {
    code: 'project',
    summary: `the cron expression ${quoteName(cron)} cannot be used: ${reason}`,
    detail: 'It takes minute, hour, day of month, month and day of week: "0 9 * * 1-5" is 9:00 on weekdays.',
    path,
  });
}

function cronError(cron: string, timezone: string): string | undefined {
  // The library knows nicknames and single dates as well; neither is a time that comes back at a known minute.
  const fields = cron.trim().split(/\s+/).length;
  if (fields !== 5) return `it has ${fields} field${fields === 1 ? '' : 's'} in place of five`;
  try {
    const job = new Cron(cron, { timezone, mode: '5-part', paused: true });
    return job.nextRun() === null ? 'it names a day that never comes' : undefined;
  } catch {
    return 'a field is out of range';
  }
}

function checkGit(place: DocumentPlace, { url, interval }: JsonObject): void {
  checkDuration(place, '/watch/git/interval', interval);
  if (typeof url !== 'string' || url === '') return;
  const path = '/watch/git/url';
  if (/^-|[\s\p{Cc}]|^[^/]*::/u.test(url)) {
    addFinding(place, {
      code: 'project',
      summary: 'watch.git.url is not an address that git can use',
      detail:
        'Write it as https://host/path.git, git@host:path.git or a folder; helpers such as ext:: are not run.',
      path,
      hide: true,
    });
  } else if (urlHoldsKey(url)) {
    addFinding(place, {
      code: 'secret-literal',
      summary: 'watch.git.url holds a user name, a password or a key',
      detail: 'Remove it, and use an SSH key or a credential helper of git.',
      path,
      hide: true,
    });
  }
}

function checkPort(place: DocumentPlace, listen: Json | undefined): void {
  if (typeof listen !== 'string' || !(Number(/:(\d+)$/.exec(listen)?.[1]) > 65_535)) return;
  const detail = 'Ports end at 65535.';
  addFinding(place, {
    code: 'project',
    summary: 'watch.listen has no such port',
    detail,
    path: '/watch/listen',
  });
}

function checkPageUrl(place: DocumentPlace, url: Json | undefined): void {
  if (typeof url !== 'string' || !/^https?:\/\/./.test(url)) return;
  const path = '/watch/url';
  if (urlHoldsKey(url)) {
    const summary = 'watch.url holds a user name, a password or a key';
    const detail = 'Remove it: this address is put into every notification.';
    addFinding(place, { code: 'secret-literal', summary, detail, path, hide: true });
  }
  if (URL.canParse(url)) return;
  const detail = 'Write it as https://host or https://host:port.';
  addFinding(place, { code: 'project', summary: 'watch.url is no URL', detail, path });
}

function checkNotify(
  place: DocumentPlace,
  path: string,
  { url, secret }: JsonObject,
  readable: Readable,
): void {
  checkReference(place, `${path}/secret`, secret, readable);
  checkReference(place, `${path}/url`, url, readable);
  if (typeof url !== 'string' || url === '') return;
  const words = notifyUrlError(url);
  if (words !== undefined) addFinding(place, { code: 'project', ...words, path: `${path}/url`, hide: true });
}

function notifyUrlError(text: string): Message | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    return { summary: 'the URL of this notification is not one', detail: 'Write it as https://host/path.' };
  if (urlHoldsKey(text))
    return {
      summary: 'the URL of this notification holds a user name, a password or a key',
      detail: 'Keep the whole URL as a secret, and write url: { fromEnv: NAME }.',
    };
  if (url.protocol === 'https:' || isLoopback(url.hostname)) return undefined;
  return {
    summary: 'the URL of this notification is not https',
    detail: 'Only addresses of this machine may do without TLS.',
  };
}

function checkReference(
  place: DocumentPlace,
  path: string,
  reference: Json | undefined,
  readable: Readable,
): void {
  const file = isObject(reference) ? reference.fromFile : undefined;
  checkSecretFile(place, { path: `${path}/fromFile`, file, what: 'secret file' }, readable);
}

function listOf(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.map((item) => (isObject(item) ? item : {})) : [];
}
