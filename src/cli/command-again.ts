import type { ApplyFlags } from './flags.js';

/** The apply that was asked for, as a command to copy, with more flags at its end. */
export function commandAgain(
  file: string | undefined,
  flags: ApplyFlags,
  allowances: readonly string[],
): string {
  const said = (flag: string, value: string | number | undefined) =>
    value === undefined || allowances.some((allowance) => allowance.startsWith(`${flag} `))
      ? []
      : [flag, quoted(String(value))];
  // What a saved plan was made with is in the plan.
  const planned = [
    ...flags.target.flatMap((name) => said('--target', name)),
    ...(flags.prune ? ['--prune'] : []),
    ...(flags.adopt ? ['--adopt'] : []),
    ...(flags.trustSecrets ? ['--trust-secrets'] : []),
  ];
  const allowed = [
    ...flags.allowHost.flatMap((host) => said('--allow-host', host)),
    ...(flags.allowCommands ? ['--allow-commands'] : []),
  ];
  return [
    'llmform apply',
    ...(file === undefined ? planned : [quoted(file)]),
    ...allowed,
    ...(flags.config === 'llmform.yaml' ? [] : said('--config', flags.config)),
    ...(flags.autoApprove ? ['--auto-approve'] : []),
    ...said('--fingerprint', flags.fingerprint),
    ...said('--max-delete', flags.maxDelete),
    ...said('--max-delete-percent', flags.maxDeletePercent),
    ...said('--max-update-percent', flags.maxUpdatePercent),
    ...allowances,
  ].join(' ');
}

function quoted(word: string): string {
  return /^[\w./:@=+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
