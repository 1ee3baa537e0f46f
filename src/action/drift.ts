import { hasErrors } from '../model/diagnostic.js';
import { hasChanges } from '../model/plan.js';
import type { GitHub, GitHubPost } from '../platform/github/github.js';
import { requireAllowedEvent } from './allowed-events.js';
import { EXIT } from './failure.js';
import { hasKey, type PostKey, readMarker } from './marker.js';
import { planAndReport, planPart, type ReportedPlan, summarizePlan } from './plan-and-report.js';
import { joinParts, postTitle } from './post-layout.js';
import { postWithHint } from './post-with-hint.js';
import { type StepContext, summaryLink } from './step-context.js';
import { isSameText, type PostDraft, sendWithinLimit } from './upsert-comment.js';

/** `command: drift`: plans, and keeps one issue open for as long as what is live differs from the manifests. */
export async function runDrift(step: StepContext): Promise<number> {
  requireAllowedEvent(step);
  const { inputs } = step;
  const planned = await planAndReport(step);
  const drifted = hasChanges(planned.plan);
  // An unreadable target is not healed.
  const whole = !hasErrors(planned.plan.diagnostics);
  const heading = postTitle(inputs, 'drift');
  const { notes } =
    inputs.comment === 'never' || !(drifted || whole)
      ? { notes: [] }
      : await postWithHint(step, ISSUE, (github) => keepIssue(step, github, planned, drifted));
  await summarizePlan(step, planned, heading, ...notes);
  if (!whole) return EXIT.error;
  return drifted && inputs['fail-on-drift'] ? EXIT.drift : EXIT.done;
}

const ISSUE = { what: 'The issue', permission: 'issues: write' };

/** Opens the issue, brings it up to date, or closes it. Should there be several, the newest stays. */
async function keepIssue(
  step: StepContext,
  github: GitHub,
  planned: ReportedPlan,
  drifted: boolean,
): Promise<GitHubPost | undefined> {
  const existing = await findIssues(step, github);
  const latest = existing.at(-1);
  for (const older of existing.slice(0, -1)) await github.closeIssue(older, 'not_planned');
  if (drifted) {
    return sendWithinLimit(draftOf(step, planned), (body) => {
      if (latest === undefined) return github.openIssue(issueTitle(step, planned), body);
      return isSameText(latest.body, body) ? Promise.resolve(latest) : github.editIssue(latest, body);
    });
  }
  if (latest === undefined) return undefined;
  await github.comment(
    latest.id,
    `Healed: [this run](${step.workflow.runUrl}) found no difference any more.`,
  );
  await github.closeIssue(latest, 'completed');
  return latest;
}

async function findIssues(step: StepContext, github: GitHub): Promise<GitHubPost[]> {
  const login = await github.login();
  const ours = (await github.openIssues(login)).filter(
    ({ author, body }) => author === login && hasKey(readMarker(body), keyOf(step)),
  );
  return ours.sort((a, b) => a.id - b.id);
}

function draftOf(step: StepContext, planned: ReportedPlan): PostDraft {
  const intro = joinParts(
    'What is live differs from the manifests. Apply puts it back; a change of the manifests keeps it.',
    'This issue follows the drift, and is closed when there is none.',
  );
  return (limit) => {
    const { text, truncated } = planPart(planned, limit - intro.length, summaryLink(step));
    const { sha } = step.workflow;
    const plan = planned.plan.fingerprint;
    return {
      marker: { ...keyOf(step), v: 1, head: sha, plan, truncated, state: 'planned' },
      text: joinParts(intro, text),
    };
  };
}

function keyOf({ inputs }: StepContext): PostKey {
  return { cmd: 'drift', config: inputs.config, targets: inputs.targets };
}

function issueTitle({ inputs }: StepContext, { project }: ReportedPlan): string {
  const targets = inputs.targets.length === 0 ? '' : ` on ${inputs.targets.join(', ')}`;
  return `llmform: ${project} has drifted${targets}`;
}
