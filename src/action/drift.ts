import type { GitHub, Post } from '../io/github.js';
import { hasErrors } from '../model/diagnostic.js';
import { hasChanges } from '../run/plan.js';
import { EXIT } from './failure.js';
import { type Job, summaryLink } from './job.js';
import { hasKey, type Key, readMarker } from './marker.js';
import { page } from './page.js';
import { demandPlace } from './place.js';
import { makePlan, type Planned, planPart, summarizePlan } from './planned.js';
import { posting } from './posting.js';
import { type Draft, saysTheSame, within } from './sticky.js';
import { title } from './title.js';

/** `command: drift`: plans, and keeps one issue open for as long as what is live differs from the manifests. */
export async function runDrift(job: Job): Promise<number> {
  demandPlace(job);
  const { inputs } = job;
  const planned = await makePlan(job);
  const drifted = hasChanges(planned.plan);
  // What could not be read is not healed.
  const whole = !hasErrors(planned.plan.diagnostics);
  const heading = title(inputs, 'drift');
  const { notes } =
    inputs.comment === 'never' || !(drifted || whole)
      ? { notes: [] }
      : await posting(job, ISSUE, (github) => keepIssue(job, github, planned, drifted));
  await summarizePlan(job, planned, heading, ...notes);
  if (!whole) return EXIT.error;
  return drifted && inputs['fail-on-drift'] ? EXIT.drift : EXIT.done;
}

const ISSUE = { what: 'The issue', permission: 'issues: write' };

/** Opens the issue, brings it up to date, or closes it. Should there be several, the newest stays. */
async function keepIssue(
  job: Job,
  github: GitHub,
  planned: Planned,
  drifted: boolean,
): Promise<Post | undefined> {
  const existing = await findIssues(job, github);
  const latest = existing.at(-1);
  for (const older of existing.slice(0, -1)) await github.closeIssue(older, 'not_planned');
  if (drifted) {
    return within(draftOf(job, planned), (body) => {
      if (latest === undefined) return github.openIssue(issueTitle(job, planned), body);
      return saysTheSame(latest.body, body) ? Promise.resolve(latest) : github.editIssue(latest, body);
    });
  }
  if (latest === undefined) return undefined;
  await github.comment(latest.id, `Healed: [this run](${job.workflow.runUrl}) found no difference any more.`);
  await github.closeIssue(latest, 'completed');
  return latest;
}

async function findIssues(job: Job, github: GitHub): Promise<Post[]> {
  const login = await github.login();
  const ours = (await github.openIssues(login)).filter(
    ({ author, body }) => author === login && hasKey(readMarker(body), keyOf(job)),
  );
  return ours.sort((a, b) => a.id - b.id);
}

function draftOf(job: Job, planned: Planned): Draft {
  const intro = page(
    'What is live differs from the manifests. Apply puts it back; a change of the manifests keeps it.',
    'This issue follows the drift, and is closed when there is none.',
  );
  return (limit) => {
    const { text, truncated } = planPart(planned, limit - intro.length, summaryLink(job));
    const { sha } = job.workflow;
    const plan = planned.plan.fingerprint;
    return {
      marker: { ...keyOf(job), v: 1, head: sha, plan, truncated, state: 'planned' },
      text: page(intro, text),
    };
  };
}

function keyOf({ inputs }: Job): Key {
  return { cmd: 'drift', config: inputs.config, targets: inputs.targets };
}

function issueTitle({ inputs }: Job, { project }: Planned): string {
  const targets = inputs.targets.length === 0 ? '' : ` on ${inputs.targets.join(', ')}`;
  return `llmform: ${project} has drifted${targets}`;
}
