import { resolve } from 'node:path';
import { defined } from '../model/defined.js';
import { warnAboutSecret } from '../model/odd-secret.js';
import type { SecretReference } from '../model/project.js';
import { unexpectedDiagnostic } from '../model/unexpected.js';
import { readBytes } from '../platform/fs/files.js';
import type { Log } from '../platform/process/log.js';
import { openSecrets } from '../platform/secrets/secrets.js';
import type { RunContext } from '../usecases/run-context.js';
import type { RunningDaemon } from './daemon.js';
import type { Metrics } from './metrics/metrics.js';
import { startWeb } from './web/index.js';

export interface ServeOptions {
  /** The token itself. It shows in the list of processes, which a file does not. */
  uiToken?: string | undefined;
  /** Relative to the run's folder. One trailing newline is dropped. */
  uiTokenFile?: string | undefined;
}

/**
 * Shows the daemon where its settings say, or does nothing where they say `off`. Flags beat the project file.
 * Throws `DiagnosticError`.
 */
export async function servePage(
  daemon: RunningDaemon,
  options: ServeOptions,
  metrics: Metrics,
  log: Log,
  context: RunContext,
): Promise<{ close(): Promise<void> } | undefined> {
  const settings = daemon.settings();
  const { listen, url, folder, allowedFiles } = settings;
  if (listen === undefined) return undefined;
  const { env, mask, onSecret } = context;
  const sources = openSecrets(folder, { env, mask, onSecret, ...defined({ allowedFiles }) });
  const resolved = async (reference: SecretReference | undefined) => {
    if (reference === undefined) return undefined;
    const value = await sources.resolve(reference);
    const found = warnAboutSecret(value, reference);
    if (found !== undefined) log.warn(found.summary);
    return value;
  };
  const uiToken = (await givenToken(options, context)) ?? (await resolved(settings.uiToken));
  const hookSecret = await resolved(settings.webhookSecret);
  const web = await startWeb(daemon, {
    ...listen,
    metrics,
    ...(url !== undefined && { allowHosts: [new URL(url).hostname] }),
    ...defined({ uiToken, hookSecret }),
    onError: (error) =>
      log.error('a page could not be shown', {
        err: { code: 'internal', message: unexpectedDiagnostic(error).summary },
      }),
  });
  log.info('the page is open', { url: web.url, readOnly: uiToken === undefined });
  return web;
}

async function givenToken(
  { uiToken, uiTokenFile }: ServeOptions,
  { cwd, mask }: RunContext,
): Promise<string | undefined> {
  if (uiToken === undefined && uiTokenFile === undefined) return undefined;
  const token = uiToken ?? (await fromFile(cwd, uiTokenFile ?? ''));
  mask?.hold().add(token);
  return token;
}

async function fromFile(cwd: string, file: string): Promise<string> {
  const bytes = await readBytes(resolve(cwd, file), { display: file });
  return bytes.toString('utf8').replace(/\r?\n$/, '');
}
