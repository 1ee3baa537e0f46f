import { describe, expect, it } from 'vitest';
import { anamLlm, anamLlms, anamProject, emulate, openProject } from '../support/project.js';
import { hasTerminal, startOnTerminal } from '../support/real-terminal.js';
import { parsed } from '../support/run-cli.js';
import { watching } from '../support/watching.js';

const COMMANDS = [
  '::stop-commands::a-token',
  '::error file=llmform.yaml,line=1::Approved, fingerprint checked',
  'so ##[error]it is',
  '##vso[task.setvariable variable=x]y',
  "##teamcity[buildStatus status='SUCCESS']",
];
const EVIL = ['Answers questions.', ...COMMANDS, 'The end.'].join('\n');

/** The lines that the runner of some CI system would obey. */
function obeyed(...texts: string[]): string[] {
  return texts.flatMap((text) =>
    text.split(/\r\n|\r|\n/).filter((line) => line.trimStart().startsWith('::') || /##[a-z]*\[/i.test(line)),
  );
}

async function scene() {
  const anam = await emulate('anam');
  const block = EVIL.replaceAll('\n', '\n    ');
  const more = `  description: |-\n    ${block}\n`;
  return {
    anam,
    project: await anamProject(anam.url, { 'llms/support.yaml': anamLlm('support', 'gpt-4o', more) }),
  };
}

describe('what manifests, vendors and locks say', () => {
  it.each([
    ['plan'],
    ['plan', '--format', 'markdown'],
    ['plan', '--log-level', 'debug'],
    ['apply', '--auto-approve'],
    ['apply', '--auto-approve', '--format', 'markdown'],
    ['apply'],
  ])('is never a command in the output of %s %s %s', async (...args) => {
    const { project } = await scene();
    const { out, err } = await project.runWith({ CI: 'true', GITHUB_ACTIONS: 'true' }, ...args);
    expect(out + err).toContain('support');
    expect(obeyed(out, err)).toEqual([]);
  });

  it('needs no variable of a CI system, which a container within a step lacks', async () => {
    const { out, err } = await (await scene()).project.run('plan');
    expect(out).toContain('\\u003a:stop-commands::a-token');
    expect(obeyed(out, err)).toEqual([]);
  });

  it('is JSON all the same, and the same JSON', async () => {
    const { project } = await scene();
    const { out } = await project.run('plan', '--format', 'json');
    expect(obeyed(out)).toEqual([]);
    const [change] = JSON.parse(out).changes;
    expect(change.fields).toContainEqual({ path: '/description', after: EVIL, cause: 'manifest' });
  });

  it('is no command where the vendor has it', async () => {
    const { anam, project } = await scene();
    anam.put('LLM', { displayName: 'support', description: EVIL.replace('The end', 'No end') });
    const { out, err } = await project.run('plan', '--adopt');
    expect(out).toContain('adopt');
    expect(obeyed(out, err)).toEqual([]);
    anam.faults.push({ effect: { type: 'status', status: 400, body: { message: EVIL } } });
    const refused = await project.run('plan');
    expect(refused.err).toContain('cannot be read');
    expect(obeyed(refused.out, refused.err)).toEqual([]);
  });

  it('is no command in findings, in the name of a file or in the holder of a lock', async () => {
    const { project } = await scene();
    await project.write({ 'llms/##[error]x.yaml': '::error::x: [\n##[error]: y\n' });
    const found = await project.run('validate');
    expect(found.out).toContain('error]x.yaml');
    expect(obeyed(found.out, found.err)).toEqual([]);
    const usage = await project.run('plan', '--target', '##[error]x');
    expect(usage.err).toContain('error]x');
    expect(obeyed(usage.out, usage.err)).toEqual([]);
    const holder = { pid: 1, host: `there\n${EVIL}`, since: '2026-01-01T00:00:00Z', token: 'ab' };
    const locked = (await scene()).project;
    await locked.write({ '.llmform/ledger.json.lock': JSON.stringify(holder) });
    const refused = await locked.run('apply', '--auto-approve');
    expect(refused.err).toContain('there');
    expect(obeyed(refused.out, refused.err)).toEqual([]);
  });

  it('is no command in the log of watch, whose lines stay JSON', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('a'));
    anam.faults.push({ effect: { type: 'status', status: 400, body: { message: 'no ##[error]way' } } });
    const daemon = watching(project, '--interval', '100ms');
    await daemon.until(() => daemon.text().includes('cannot be read'));
    expect(obeyed(daemon.text())).toEqual([]);
    for (const line of daemon.text().trim().split('\n')) expect(() => parsed(line)).not.toThrow();
    await daemon.end();
  });

  it.skipIf(!hasTerminal)('is shown as it is on a screen', async () => {
    const { project } = await scene();
    const { stdout } = await startOnTerminal(['plan', '--no-color'], { cwd: project.path, env: project.env });
    expect(stdout).toContain(' ::stop-commands::a-token');
  });
});

describe('--format github', () => {
  it('prints commands of our own, with everything in them escaped', async () => {
    const project = await openProject({
      'llmform.yaml':
        'apiVersion: llmform/v1\nkind: Project\nname: shop\nmanifests: ["*.yml"]\ntargets:\n  a: { vendor: anam, auth: { fromEnv: A } }\n',
      'a,b::c%0A##[error]x.yml':
        'apiVersion: llmform/v1\nkind: "::error::x\\n::add-mask::e ##vso[task.complete]"\nvendor: anam\nmetadata: { name: x }\nspec: {}\n',
    });
    const { code, out } = await project.runWith({ CI: 'true' }, 'validate', '--format', 'github');
    expect(code).toBe(1);
    const lines = out.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      expect(line).toMatch(
        /^::error file=a%2Cb%3A%3Ac%250A\\u0023#\[error\]x\.yml,line=\d+,col=\d+,title=llmform [\w-]+::/,
      );
      expect(line).not.toMatch(/##[a-z]*\[/);
    }
  });
});
