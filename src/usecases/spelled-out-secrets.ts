import { resolve } from 'node:path';
import { isInsideProject } from '../manifest/document/inside-project.js';
import { findSecretReferences } from '../manifest/document/secret-references.js';
import { readYaml } from '../manifest/yaml/read-yaml.js';
import type { DesiredState } from '../model/desired-state.js';
import { type Diagnostic, DiagnosticError, error } from '../model/diagnostic.js';
import { forEachText } from '../model/map-text.js';
import { formatPointer } from '../model/pointer.js';
import type { Secrets } from '../model/ports.js';
import type { SecretReference } from '../model/project.js';
import { describeSecretSource } from '../model/secret-source.js';
import { readBoundedBytes } from '../platform/fs/files.js';
import { vendors } from '../vendors/index.generated.js';

/**
 * Manifests and project files that spell out a secret. Their text is shown and sent as it is, never masked, so such a
 * file has to be corrected. Resolves the secrets of the run; those that cannot be are reported where they are used.
 *
 * Throws `DiagnosticError` before anything is shown or sent. Only where the secret is a file of the project the findings
 * are returned, to be shown with the plan: it is chosen and written by who writes the manifest, and must not be a way to
 * keep a plan from being seen. As errors of the plan they keep it from being applied.
 *
 * Secrets of fewer than 16 characters are not compared: a manifest could list all guesses.
 */
export async function findSpelledOutSecrets(
  desiredState: DesiredState,
  secrets: Secrets,
): Promise<Diagnostic[]> {
  await Promise.all(referencesOf(desiredState).map((one) => secrets.resolve(one).catch(() => undefined)));
  const { project, manifests } = desiredState;
  const firstIn = createFinder(secrets, project.folder);
  const found: SpelledOutSecret[] = [];
  for (const manifest of manifests) {
    const reference = firstIn(manifest);
    if (reference !== undefined) found.push({ ...manifest.source, address: manifest.address, reference });
  }
  const reference = firstIn(project);
  if (reference !== undefined) found.push({ file: project.file, line: 1, address: undefined, reference });
  const findings = await Promise.all(found.map((one) => finding(project.folder, one, secrets)));
  const serious = findings.filter((_, i) => !isOfProject(found[i]?.reference, project.folder));
  if (serious.length > 0) throw new DiagnosticError(...serious);
  return findings;
}

/** References that the run resolves anyway: the credentials of targets with work to do, and the manifests' secrets, each once. */
function referencesOf({ targets, manifests, ledger }: DesiredState): SecretReference[] {
  const addresses = [...manifests.map(({ address }) => address), ...Object.keys(ledger.objects)];
  const busy = new Set(addresses.map((address) => address.slice(0, address.indexOf('/'))));
  const distinct = new Map<string, SecretReference>();
  const add = (reference: SecretReference) => distinct.set(JSON.stringify(reference), reference);
  for (const { name, auth } of targets) if (busy.has(name)) add(auth);
  for (const manifest of manifests) {
    for (const { reference } of findSecretReferences(manifest, vendors)) add(reference);
  }
  return [...distinct.values()];
}

/**
 * Finds the first secret that a value spells out. Where one file holds several, one that is no file of the project counts
 * first. Names and short texts, which most files share, are searched once.
 */
function createFinder(secrets: Secrets, folder: string): (value: unknown) => SecretReference | undefined {
  const clean = new Set<string>();
  return (value) => {
    let first: SecretReference | undefined;
    forEachText(value, (text) => {
      if (clean.has(text)) return;
      const sources = secrets.sourcesIn(text);
      if (sources.length === 0 && text.length <= SHORT) clean.add(text);
      for (const reference of sources) {
        if (first === undefined || (isOfProject(first, folder) && !isOfProject(reference, folder)))
          first = reference;
      }
    });
    return first;
  };
}

const SHORT = 64;

/** A file that the operator allows is the operator's, like a variable. */
function isOfProject(reference: SecretReference | undefined, folder: string): boolean {
  return reference !== undefined && 'fromFile' in reference && isInsideProject(reference.fromFile, folder);
}

interface SpelledOutSecret {
  file: string;
  line: number;
  address: string | undefined;
  reference: SecretReference;
}

/** Names may hold a secret as well. One that is a file of the project hides no name: it could be chosen for that. */
async function finding(
  folder: string,
  { file, line, address, reference }: SpelledOutSecret,
  secrets: Secrets,
): Promise<Diagnostic> {
  const ofProject = (one: SecretReference) => isOfProject(one, folder);
  const isTold = (text: string) =>
    secrets.sourcesIn(text).some((one) => ofProject(one) === ofProject(reference));
  const isReal = (text: string) => secrets.sourcesIn(text).some((one) => !ofProject(one));
  const shown = (text: string) => (isReal(text) ? secrets.mask(text) : text);
  const place = await placeIn(resolve(folder, file), line, isTold);
  return error(
    'secret-literal',
    `this file spells out the secret that comes from ${shown(describeSecretSource(reference))}`,
    {
      detail:
        'Use a reference instead, because the text of this file is shown and sent as it is. Take the secret out, and replace it at its issuer: it is in the history of the repository.',
      file: shown(file),
      line,
      ...place,
      ...(address !== undefined && !isReal(address) && { address }),
    },
  );
}

/** Read once more, for the position: a manifest knows only where it begins. */
async function placeIn(
  path: string,
  line: number,
  isTold: (text: string) => boolean,
): Promise<Pick<Diagnostic, 'line' | 'column' | 'path'>> {
  const bytes = await readBoundedBytes(path).catch(() => undefined);
  const { documents } = readYaml(bytes?.toString('utf8') ?? '');
  const here = documents.find((document) => document.line === line) ?? documents[0];
  const tokens = here && pointerTo(here.value, isTold, []);
  if (here === undefined || tokens === undefined) return {};
  const pointer = formatPointer(tokens);
  return { ...here.locate(pointer), path: pointer };
}

/** Where a text holds it. Where the name of a member does, that is what it is a member of. */
function pointerTo(
  value: unknown,
  isTold: (text: string) => boolean,
  tokens: readonly string[],
): readonly string[] | undefined {
  if (typeof value === 'string') return isTold(value) ? tokens : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, member] of Object.entries(value)) {
    if (isTold(name)) return tokens;
    const found = pointerTo(member, isTold, [...tokens, name]);
    if (found !== undefined) return found;
  }
  return undefined;
}
