import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readProject } from '../../../src/manifest/project/read-project.js';
import { vendors } from '../../../src/vendors/index.generated.js';
import { bytes, SECRET } from '../../support/manifests.js';

const read = (watch: string, target = '') =>
  readProject(
    bytes(`apiVersion: llmform/v1
kind: Project
name: shop
targets:
  t: { vendor: anam, auth: { fromEnv: KEY }${target} }
watch:
${watch}
`),
    { file: 'llmform.yaml', folder: '/project' },
    vendors,
  );

describe('the watch section', () => {
  it('says everything, with durations in milliseconds', () => {
    const { project, diagnostics } = read(
      `  mode: heal
  interval: 1h
  runLimit: 90s
  prune: true
  adopt: true
  listen: "[::1]:9441"
  url: https://llmform.test
  git: { url: git@host.test:team/avatars.git, ref: live, interval: 30s }
  webhookSecret: { fromEnv: HOOK }
  uiToken: { fromFile: secrets/token }
  windows: [{ cron: "0 9 * * 1-5", duration: 8h, timeZone: Europe/Berlin }]
  notify:
    - { type: slack, url: { fromEnv: SLACK } }
    - { type: webhook, url: "https://ops.test/x", secret: { fromEnv: OPS }, on: [drift] }
    - { type: webhook, url: "http://127.0.0.1:8080/x", on: [failure] }`,
      ', suspend: true, watch: { mode: apply, interval: 5m, windows: [{ cron: "0 0 * * *", duration: 1h }] }',
    );
    expect(diagnostics).toEqual([]);
    expect(project?.watch).toEqual({
      mode: 'heal',
      intervalMs: 3_600_000,
      runLimitMs: 90_000,
      prune: true,
      adopt: true,
      listen: { host: '::1', port: 9441 },
      url: 'https://llmform.test',
      git: { url: 'git@host.test:team/avatars.git', ref: 'live', intervalMs: 30_000 },
      webhookSecret: { fromEnv: 'HOOK' },
      uiToken: { fromFile: 'secrets/token' },
      windows: [{ cron: '0 9 * * 1-5', durationMs: 28_800_000, timeZone: 'Europe/Berlin' }],
      notify: [
        { type: 'slack', url: { fromEnv: 'SLACK' }, on: ['drift', 'failure', 'recovery'] },
        { type: 'webhook', url: 'https://ops.test/x', secret: { fromEnv: 'OPS' }, on: ['drift'] },
        { type: 'webhook', url: 'http://127.0.0.1:8080/x', on: ['failure'] },
      ],
    });
    expect(project?.targets[0]).toMatchObject({
      suspend: true,
      watch: {
        mode: 'apply',
        intervalMs: 300_000,
        windows: [{ cron: '0 0 * * *', durationMs: 3_600_000, timeZone: 'UTC' }],
      },
    });
  });

  const mistakes: [string, string, Record<string, unknown>, RegExp][] = [
    ['an unknown member', '  intervall: 1m', { code: 'unknown' }, /Did you mean "interval"/],
    [
      'an unknown member of a window',
      '  windows: [{ crn: "* * * * *", duration: 1h }]',
      {},
      /Did you mean "cron"/,
    ],
    ['an unknown member of git', '  git: { uri: x }', { code: 'unknown' }, /Did you mean "url"/],
    [
      'an unknown member of a notification',
      '  notify: [{ typ: slack, url: { fromEnv: A } }]',
      {},
      /Did you mean "type"/,
    ],
    ['a mode there is not', '  mode: repair', { path: '/watch/mode' }, /"observe", "heal", "apply"/],
    [
      'a bad duration',
      '  interval: 10 minutes',
      { path: '/watch/interval' },
      /a duration such as 30s, 10m or 1h/,
    ],
    ['a duration of nothing', '  interval: 0s', { path: '/watch/interval' }, /a duration such as/],
    ['a duration over a week', '  interval: 200h', { path: '/watch/interval' }, /longer than a week.*168h/],
    [
      'a bad address to listen on',
      '  listen: 9440',
      { path: '/watch/listen' },
      /must be text|host and a port/,
    ],
    ['an address of the page with a path', '  url: https://a.test/x', { path: '/watch/url' }, /./],
    ['an address of the page that is none', '  url: https://a.test:99999', { path: '/watch/url' }, /no URL/],
    ['a port there is not', '  listen: "0.0.0.0:70000"', { path: '/watch/listen' }, /65535/],
    [
      'too few fields',
      '  windows: [{ cron: "0 9 *", duration: 1h }]',
      { code: 'project' },
      /has 3 fields in place of five/,
    ],
    [
      'a nickname',
      '  windows: [{ cron: "@daily", duration: 1h }]',
      { code: 'project' },
      /has 1 field in place of five/,
    ],
    [
      'a bad field',
      '  windows: [{ cron: "0 25 * * *", duration: 1h }]',
      { path: '/watch/windows/0/cron' },
      /minute, hour/,
    ],
    ['a day that never comes', '  windows: [{ cron: "0 0 31 2 *", duration: 1h }]', {}, /never comes/],
    [
      'an unknown time zone',
      '  windows: [{ cron: "0 9 * * *", duration: 1h, timeZone: Europe/Berlinn }]',
      { code: 'unknown', path: '/watch/windows/0/timeZone' },
      /unknown time zone.*Did you mean "Europe\/Berlin"/,
    ],
    [
      'a user in the git URL',
      `  git: { url: "https://me:${SECRET}@x.test/y" }`,
      { code: 'secret-literal' },
      /SSH key/,
    ],
    [
      'a token in the git URL',
      `  git: { url: "https://${SECRET}@x.test/y" }`,
      { code: 'secret-literal' },
      /SSH key/,
    ],
    ['a git URL that is a flag', '  git: { url: "--upload-pack=x" }', { code: 'project' }, /not an address/],
    ['a ref that climbs', '  git: { url: x, ref: ../main }', { path: '/watch/git/ref' }, /name of a branch/],
    [
      'a ref that is a flag',
      '  git: { url: x, ref: "--all" }',
      { path: '/watch/git/ref' },
      /name of a branch/,
    ],
    [
      'plain http',
      '  notify: [{ type: webhook, url: "http://ops.test/x" }]',
      { code: 'project' },
      /not https/,
    ],
    ['no URL', `  notify: [{ type: webhook, url: "${SECRET}" }]`, { code: 'project' }, /https:\/\/host/],
    [
      'a literal Slack URL',
      `  notify: [{ type: slack, url: "https://hooks.test/${SECRET}" }]`,
      { code: 'secret-literal' },
      /reference/,
    ],
    [
      'a literal secret',
      `  notify: [{ type: webhook, url: "https://x.test", secret: ${SECRET} }]`,
      { code: 'secret-literal' },
      /reference/,
    ],
    [
      'a secret for Slack',
      '  notify: [{ type: slack, url: { fromEnv: A }, secret: { fromEnv: B } }]',
      {},
      /contradicts/,
    ],
    ['a literal token', `  uiToken: ${SECRET}`, { code: 'secret-literal' }, /reference/],
    [
      'a secret file outside',
      '  webhookSecret: { fromFile: ../x }',
      { code: 'secret' },
      /outside the project/,
    ],
  ];
  it.each(mistakes)('has no room for %s', (_, text, place, words) => {
    const { project, diagnostics } = read(text);
    expect(project).toBeUndefined();
    expect(diagnostics).toMatchObject([{ severity: 'error', file: 'llmform.yaml', line: 7, ...place }]);
    expect(`${diagnostics[0]?.summary} ${diagnostics[0]?.detail}`).toMatch(words);
    expect(JSON.stringify(diagnostics)).not.toContain(SECRET);
  });

  it('of a target is checked as well', () => {
    const { diagnostics } = read(
      '  mode: heal',
      ', watch: { windows: [{ cron: x, duration: 1h }], suspend: true }',
    );
    expect(diagnostics.map(({ line, path }) => [line, path])).toEqual([
      [5, '/targets/t/watch/windows/0/cron'],
      [5, '/targets/t/watch/suspend'],
    ]);
  });
});

describe('the page on watch', () => {
  const page = readFileSync(new URL('../../../docs/watch.md', import.meta.url), 'utf8');

  it('has an example with two recipients and a suspended target', () => {
    const [, example = ''] = /```yaml\n(.*?)```/s.exec(page) ?? [];
    const place = { file: 'llmform.yaml', folder: '/project' };
    const { project, diagnostics } = readProject(bytes(example), place, vendors);
    expect(diagnostics).toEqual([]);
    expect(project?.watch?.notify).toHaveLength(2);
    expect(project?.targets.map(({ suspend }) => suspend)).toEqual([undefined, true]);
  });

  it('names every setting that there is', () => {
    const table = page.slice(page.indexOf('| setting | default |'), page.indexOf('can also be set under'));
    const schema = JSON.parse(
      readFileSync(new URL('../../../schemas/project.schema.json', import.meta.url), 'utf8'),
    );
    for (const name of Object.keys(schema.properties.watch.properties))
      expect(table).toContain(`\`${name}\``);
  });
});
