import { spellDuration } from '../model/duration.js';
import type { GuardRefusal } from '../model/guard.js';
import type { ApplyFlags } from './flags.js';
import { GUARD_FLAGS } from './ways-out.js';

/** The apply that was asked for, as a command to copy, with the flags at its end that lift these guards. */
export function formatRepeatCommand(
  file: string | undefined,
  flags: ApplyFlags,
  refusals: readonly GuardRefusal[],
): string {
  const said = (flag: string, value: string | number | undefined) =>
    value === undefined ? [] : [flag, quoted(String(value))];
  const lifting = (guard: GuardRefusal['guard']) => {
    const needed = refusals.filter((refusal) => refusal.guard === guard).map(({ actual }) => actual);
    return needed.length > 0 ? said(GUARD_FLAGS[guard], Math.max(...needed)) : [];
  };
  // The options of a saved plan are in the plan.
  const planned = [
    ...flags.target.flatMap((name) => said('--target', name)),
    ...(flags.prune ? ['--prune'] : []),
    ...(flags.adopt ? ['--adopt'] : []),
    ...(flags.trustSecrets ? ['--trust-secrets'] : []),
    ...flags.rebind.flatMap((name) => said('--rebind', name)),
    ...said('--at', flags.at),
  ];
  const allowed = [
    ...flags.allowHost.flatMap((host) => said('--allow-host', host)),
    ...flags.allowFile.flatMap((path) => said('--allow-file', path)),
    ...(flags.allowCommands ? ['--allow-commands'] : []),
  ];
  const refused = new Set(refusals.map(({ guard }) => guard));
  return [
    'llmform apply',
    ...(file === undefined ? planned : [quoted(file)]),
    ...allowed,
    ...(flags.config === 'llmform.yaml' ? [] : said('--config', flags.config)),
    ...(flags.autoApprove ? ['--auto-approve'] : []),
    ...said('--fingerprint', flags.fingerprint),
    ...(flags.lockTimeout > 0 ? said('--lock-timeout', spellDuration(flags.lockTimeout)) : []),
    ...GUARDS.filter((guard) => !refused.has(guard)).flatMap((guard) =>
      said(GUARD_FLAGS[guard], guard === 'maxMissingPercent' ? flags.maxMissing : flags[guard]),
    ),
    ...GUARDS.flatMap(lifting),
  ].join(' ');
}

const GUARDS = Object.keys(GUARD_FLAGS) as (keyof typeof GUARD_FLAGS)[];

function quoted(word: string): string {
  return /^[\w./:@=+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
