import type { Diagnostic } from '../../src/model/diagnostic.js';
import type { ShownPlan } from '../../src/model/plan.js';
import type { DaemonState, RunOutcome, TargetState } from '../../src/watch/state/model.js';
import { runOf, runsOf, stateOf, targetState } from './fake-daemon.js';
import { busyPlan, change, planOf } from './report-samples.js';

/** The changes of one target of the busy plan. */
export function planFor(target: string): ShownPlan {
  return planOf(busyPlan.changes.filter(({ address }) => address.startsWith(`${target}/`)));
}

const calm = (n: number): RunOutcome[] => Array<RunOutcome>(n).fill('no_change');

const broken: Diagnostic = {
  severity: 'error',
  code: 'schema',
  summary: 'llmFormat must be one of openai, anthropic, gemini',
  detail: 'Did you mean openai?',
  file: 'llms/support.yaml',
  line: 9,
  column: 14,
  excerpt: '  llmFormat: openia',
};

/** A day with something of everything. */
export function busyState(): DaemonState {
  const limited: Diagnostic = {
    severity: 'error',
    code: 'vendor',
    summary: 'The listing of LLM on avatars failed: 503 from GET /v1/llm-configurations',
    detail: 'Nothing is created or deleted there until a listing is whole.',
  };
  return stateOf(
    [
      targetState('anam-prod', {
        status: 'drifted',
        plan: planFor('anam-prod'),
        held: ['mode is observe: nothing is written', 'deleting anam-prod/LLM/legacy needs maxDelete of 1'],
        runs: runsOf(...calm(36), 'success', ...calm(5), 'drift', 'drift', 'drift'),
      }),
      targetState('avatars', {
        vendor: 'liveavatar',
        baseUrl: 'https://api.liveavatar.com',
        mode: 'heal',
        status: 'failing',
        diagnostics: [limited],
        runs: [
          ...runsOf(...calm(20), 'error', 'error', 'error', 'error'),
          runOf('error', {
            changes: 2,
            trigger: 'retry',
            error: { code: 'server', message: 'GET /v1/llm-configurations answered 503' },
          }),
        ],
      }),
      targetState('memory', {
        vendor: 'goodmem',
        baseUrl: 'https://goodmem.example:8080',
        mode: 'apply',
        plan: planOf([]),
        runs: runsOf(...calm(49), 'success'),
      }),
      targetState('flashback-test', {
        vendor: 'flashback',
        baseUrl: 'https://backend.flashback.tech',
        status: 'suspended',
        nextRunAt: undefined,
        suspendedBy: 'command',
        plan: planFor('flashback-test'),
        runs: runsOf(...calm(7), 'terminal'),
      }),
      targetState('anam-staging', { status: 'pending', running: true }),
    ],
    {
      source: {
        place: 'https://github.com/example/llms',
        commit: '4f1e2d3c4b5a69788796a5b4c3d2e1f001234567',
        loadedAt: Date.UTC(2026, 4, 20, 11),
        diagnostics: [broken],
      },
    },
  );
}

/** Thirty accounts, three of them in trouble. */
export function largeState(): DaemonState {
  const targets = Array.from({ length: 30 }, (_, i): TargetState => {
    const name = `${['anam', 'avatars', 'memory'][i % 3]}-${['eu', 'us', 'ap', 'sa'][i % 4]}-${String(i + 1).padStart(2, '0')}`;
    if (i === 4) return targetState(name, { status: 'failing', runs: runsOf(...calm(40), 'error', 'error') });
    if (i === 11 || i === 23) {
      const plan = planOf([
        change(`${name}/LLM/support`, 'update', {
          fields: [{ path: '/modelName', before: 'gpt-4o', after: 'gpt-5', cause: 'drift' }],
        }),
      ]);
      return targetState(name, { status: 'drifted', plan, runs: runsOf(...calm(48), 'drift', 'drift') });
    }
    return targetState(name, { plan: planOf([]), runs: runsOf(...calm(50)) });
  });
  return stateOf(targets);
}

const ATTACK = `"><script>document.title='owned'</script><img src=x onerror="document.title='owned'">`;

/** Everything that people and vendors can write, written by an enemy. */
export function hostileState(): DaemonState {
  const name = `evil</section><script>document.title='owned'</script>\u202e`;
  const prompt = `Be nice.</pre></details></section>${ATTACK}\n<style>*{display:none}</style>`.repeat(4);
  const finding: Diagnostic = {
    severity: 'error',
    code: 'vendor',
    summary: ATTACK,
    detail: ATTACK,
    file: ATTACK,
    line: 1,
    column: 2,
    excerpt: ATTACK,
    address: ATTACK,
    path: ATTACK,
  };
  const plan = planOf(
    [
      change(`evil/LLM/${ATTACK.replaceAll('/', '')}`, 'update', {
        id: ATTACK,
        vendor: ATTACK,
        source: { file: ATTACK, line: 1 },
        blocked: { reason: 'foreign', mark: ATTACK },
        fields: [
          { path: `/${ATTACK}`, before: ATTACK, after: `${ATTACK}!`, cause: 'both', last: ATTACK },
          { path: '/prompt', before: prompt, after: prompt.replaceAll('nice', 'evil'), cause: 'drift' },
          { path: '/list', before: [prompt], after: [{ [ATTACK]: prompt }], cause: 'drift' },
        ],
        requests: [{ method: 'PUT', path: `/v1/${ATTACK}`, body: { [ATTACK]: prompt } }],
      }),
    ],
    { diagnostics: [finding], fingerprint: ATTACK },
  );
  const hostile = targetState(name, {
    vendor: ATTACK,
    baseUrl: `https://x/${ATTACK}`,
    status: 'drifted',
    plan,
    held: [ATTACK, '</ul>'],
    diagnostics: [finding],
    runs: [
      runOf('error', { reconcileId: ATTACK, commit: ATTACK, error: { code: ATTACK, message: ATTACK } }),
      runOf('drift', { startedAt: Number.NaN, durationMs: Number.NaN }),
    ],
  });
  return stateOf([hostile, targetState(`"' onfocus=alert(1) autofocus x="`)], {
    project: ATTACK,
    version: ATTACK,
    source: { place: ATTACK, commit: ATTACK, loadedAt: 1e300, diagnostics: [finding] },
  });
}
