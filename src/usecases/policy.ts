import { mayName } from '../manifest/document/inside-project.js';
import { findSecretReferences } from '../manifest/document/secret-references.js';
import { type Diagnostic, error } from '../model/diagnostic.js';
import { findVendor } from '../model/find-kind.js';
import type { Manifest } from '../model/manifest.js';
import type { Permission } from '../model/permission.js';
import type { Project, SecretReference, Target } from '../model/project.js';
import { isLoopback } from '../model/url.js';
import type { Vendor } from '../model/vendor.js';

/** The operator's permissions, as opposed to the authors of the files that the command reads. */
export interface Policy {
  /** In CI the files may come from a pull request: hosts and commands in them need a permission. */
  ci: boolean;
  /** Hosts beside the vendors' own; without a port https on its usual one. */
  hosts: readonly string[];
  /** Globs of variables that may be read; undefined allows all. */
  env: readonly string[] | undefined;
  commands: boolean;
}

export function readPolicy(
  env: Readonly<Record<string, string | undefined>>,
  flags: { allowHost: readonly string[]; allowCommands: boolean },
): Policy {
  return {
    ci: env.CI === 'true' || env.CI === '1',
    hosts: [...splitWords(env.LLMFORM_ALLOWED_HOSTS), ...flags.allowHost],
    env: env.LLMFORM_ALLOWED_ENV === undefined ? undefined : splitWords(env.LLMFORM_ALLOWED_ENV),
    commands: flags.allowCommands,
  };
}

/** Every place of a project that would send or read something without permission. Checked before anything is sent. */
export function findViolations(
  project: Project,
  targets: readonly Target[],
  manifests: readonly Manifest[],
  vendors: readonly Vendor[],
  policy: Policy,
): Diagnostic[] {
  const ofTargets = targets.flatMap((target) => {
    const place = { file: project.file };
    const hosts = findVendor(vendors, target.vendor)?.hosts ?? [];
    const auth = checkReference(target.auth, `the credential of target ${target.name}`, policy, place);
    const own = checkTarget(target, hosts, policy, place);
    return [...own, ...auth, ...checkCaFile(target, project, policy, place)];
  });
  const ofManifests: Diagnostic[] = [];
  for (const manifest of forbidsReferences(policy) ? manifests : []) {
    const place = { ...manifest.source, address: manifest.address };
    for (const { pointer, reference } of findSecretReferences(manifest, vendors)) {
      ofManifests.push(...checkReference(reference, `${pointer} of ${manifest.address}`, policy, place));
    }
  }
  return [...ofTargets, ...ofManifests, ...checkLedgerKey(project, policy), ...checkWatch(project, policy)];
}

function checkLedgerKey({ ledgerKey, file }: Project, policy: Policy): Diagnostic[] {
  return ledgerKey === undefined ? [] : checkReference(ledgerKey, 'ledger.key', policy, { file });
}

/** The hosts and secrets of watch: notifications name targets, and their signature is made with a secret. */
function checkWatch({ watch = {}, file }: Project, policy: Policy): Diagnostic[] {
  const { webhookSecret, uiToken, notify = [] } = watch;
  const check = (source: SecretReference | undefined, what: string) =>
    source === undefined ? [] : checkReference(source, what, policy, { file });
  return [
    ...check(webhookSecret, 'watch.webhookSecret'),
    ...check(uiToken, 'watch.uiToken'),
    ...notify.flatMap(({ url, secret }, i) => [
      ...(typeof url === 'string'
        ? checkRecipient(url, i, policy, { file })
        : check(url, `watch.notify[${i}].url`)),
      ...check(secret, `watch.notify[${i}].secret`),
    ]),
  ];
}

type PolicyPlace = Pick<Diagnostic, 'file' | 'line' | 'address'>;

/** A pull request that edits `baseUrl` would otherwise carry the credential away. */
function checkTarget(
  target: Target,
  own: readonly string[],
  policy: Policy,
  place: PolicyPlace,
): Diagnostic[] {
  if (!policy.ci) return [];
  const url = new URL(target.baseUrl);
  if (isAllowed(url, policy)) return [];
  if (url.protocol === 'https:' && url.port === '' && own.includes(url.hostname)) return [];
  return [
    refusal(
      `target ${target.name}: ${url.origin} is not allowed to receive its credential`,
      "In CI a host that is not the vendor's own has to be named outside the project, as in the variable LLMFORM_ALLOWED_HOSTS.",
      place,
      { allow: 'host', host: url.host },
    ),
  ];
}

/** A pull request could have any file of the runner trusted, or one read that never ends. */
function checkCaFile(
  { name, caFile }: Target,
  project: Project,
  policy: Policy,
  place: PolicyPlace,
): Diagnostic[] {
  if (!policy.ci || caFile === undefined || mayName(caFile, project)) return [];
  const detail =
    'In CI a file outside the project has to be named outside of it, as in the variable LLMFORM_ALLOWED_FILES.';
  const summary = `target ${name}: the caFile ${caFile} is outside the project`;
  return [refusal(summary, detail, place, { allow: 'file', path: caFile })];
}

function checkRecipient(text: string, i: number, policy: Policy, place: PolicyPlace): Diagnostic[] {
  const url = new URL(text);
  if (!policy.ci || isAllowed(url, policy)) return [];
  return [
    refusal(
      `watch.notify[${i}]: ${url.origin} is not allowed to receive notifications`,
      'In CI it has to be named outside the project, as in the variable LLMFORM_ALLOWED_HOSTS.',
      place,
      { allow: 'host', host: url.host },
    ),
  ];
}

function isAllowed(url: URL, { hosts }: Policy): boolean {
  return isLoopback(url.hostname) || hosts.some((allowed) => allows(allowed, url));
}

/** On most machines every reference is allowed, and there is nothing to look for. */
function forbidsReferences({ env, ci, commands }: Policy): boolean {
  return env !== undefined || (ci && !commands);
}

function checkReference(
  source: SecretReference,
  what: string,
  policy: Policy,
  place: PolicyPlace,
): Diagnostic[] {
  if (
    'fromEnv' in source &&
    policy.env !== undefined &&
    !policy.env.some((glob) => matches(glob, source.fromEnv))
  ) {
    const detail = 'LLMFORM_ALLOWED_ENV lists the variables that may be read, as globs such as ANAM_*.';
    return [
      error('guard', `${what}: the variable ${source.fromEnv} is not allowed`, {
        detail,
        ...place,
      }),
    ];
  }
  if ('fromCommand' in source && policy.ci && !policy.commands) {
    const detail =
      'In CI the project may come from a pull request, so its commands run only where they are allowed.';
    const summary = `${what}: running a command is not allowed`;
    return [refusal(summary, detail, place, { allow: 'commands' })];
  }
  return [];
}

function refusal(summary: string, detail: string, place: PolicyPlace, needs?: Permission): Diagnostic {
  return error('guard', summary, { detail, ...place, needs });
}

/** A host without a port means https on its usual port. */
function allows(allowed: string, url: URL): boolean {
  const name = allowed.toLowerCase();
  if (name === url.hostname) return url.protocol === 'https:' && url.port === '';
  return (
    name === url.host || name === `${url.hostname}:${url.port || (url.protocol === 'https:' ? 443 : 80)}`
  );
}

/** Names of variables know no separators, so `*` is all there is to a glob. */
function matches(glob: string, name: string): boolean {
  const pattern = glob.split('*').map((part) => part.replace(/[^\w]/g, '\\$&'));
  return new RegExp(`^${pattern.join('.*')}$`).test(name);
}

function splitWords(text: string | undefined): string[] {
  return (text ?? '').split(/[\s,]+/).filter((word) => word !== '');
}
