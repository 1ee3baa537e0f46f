import { posix } from 'node:path';
import { type Diagnostic, DiagnosticError, error } from '../model/diagnostic.js';
import { didYouMean, suggestWord } from '../model/suggest.js';

const COMMANDS = ['validate', 'plan', 'apply', 'drift', 'post'] as const;
export type CommandName = (typeof COMMANDS)[number];

const COMMENTS = ['always', 'on-change', 'never'] as const;

/** The inputs of `action.yml`, under their names there. */
export type Inputs = ReturnType<typeof parse>;

/** Checks the inputs as they were given: the runner does not. Throws `DiagnosticError` with all mistakes. */
export function readInputs(given: ReadonlyMap<string, string>): Inputs {
  const mistakes: Diagnostic[] = [];
  const inputs = parse(given, mistakes);
  mistakes.unshift(...misspelt(given, Object.keys(inputs)));
  if (mistakes.length > 0) throw new DiagnosticError(...mistakes);
  return inputs;
}

function parse(given: ReadonlyMap<string, string>, mistakes: Diagnostic[]) {
  const text = (name: string) => given.get(name)?.trim() ?? '';
  const wrong = (name: string, detail: string) => {
    const summary = `the input ${name} cannot be ${JSON.stringify(text(name))}`;
    mistakes.push(error('usage', summary, { detail }));
  };
  const words = (name: string) =>
    text(name)
      .split(/[\s,]+/)
      .filter((word) => word !== '');
  const flag = (name: string) => {
    const word = text(name).toLowerCase();
    if (!['true', 'false', ''].includes(word)) wrong(name, 'It is true or false.');
    return word === 'true';
  };
  const count = (name: string) => {
    if (text(name) === '') return undefined;
    if (!/^\d{1,9}$/.test(text(name))) wrong(name, 'It takes a whole number, 0 or more.');
    return Number(text(name));
  };
  const choice = <T extends string>(name: string, known: readonly T[], standard?: T): T => {
    const found = known.find((one) => one === (text(name) || standard));
    if (found === undefined) {
      const one = `It is one of ${known.join(', ')}.`;
      wrong(name, text(name) === '' ? one : `${didYouMean(text(name), known)}${one}`);
    }
    return found ?? (known[0] as T);
  };
  const fingerprint = (name: string) => {
    if (text(name) === '') return undefined;
    if (!/^sha256:[0-9a-f]{64}$/.test(text(name))) {
      wrong(name, 'It looks like sha256:… with 64 hexadecimal digits; every plan ends with its own.');
    }
    return text(name);
  };
  return {
    command: choice('command', COMMANDS),
    config: posix.normalize(text('config').replaceAll('\\', '/') || 'llmform.yaml'),
    targets: [...new Set(words('targets'))].sort(),
    prune: flag('prune'),
    adopt: flag('adopt'),
    'trust-secrets': flag('trust-secrets'),
    'max-delete': count('max-delete'),
    'max-delete-percent': count('max-delete-percent'),
    'max-update-percent': count('max-update-percent'),
    'max-missing': count('max-missing'),
    rebind: words('rebind'),
    fingerprint: fingerprint('fingerprint'),
    comment: choice('comment', COMMENTS, 'always'),
    'github-token': text('github-token'),
    'allowed-hosts': words('allowed-hosts'),
    'allowed-files': words('allowed-files'),
    'allow-commands': flag('allow-commands'),
    'fail-on-drift': flag('fail-on-drift'),
    'plan-file': text('plan-file'),
  };
}

/** `target: anam-prod` would otherwise select all targets. A name that resembles no input belongs to another tool. */
function misspelt(given: ReadonlyMap<string, string>, known: readonly string[]): Diagnostic[] {
  return [...given.keys()].flatMap((name): Diagnostic[] => {
    if (known.includes(name) || suggestWord(name, known) === undefined) return [];
    const summary = `there is no input ${JSON.stringify(name)}`;
    return [error('usage', summary, { detail: didYouMean(name, known).trim() })];
  });
}
