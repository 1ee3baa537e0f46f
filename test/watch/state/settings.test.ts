import { describe, expect, it } from 'vitest';
import type { Project, ProjectWatch, Target } from '../../../src/model/project.js';
import { resolveSettings } from '../../../src/watch/state/settings.js';

const HOURS = { cron: '0 9 * * *', durationMs: 3_600_000, timeZone: 'UTC' };

describe('the settings of watch', () => {
  it('have defaults', () => {
    expect(resolveSettings(project(undefined, { a: {} }))).toEqual({
      runLimitMs: 120_000,
      prune: false,
      adopt: false,
      listen: { host: '127.0.0.1', port: 9440 },
      notify: [],
      folder: '/project',
      targets: { a: { mode: 'observe', intervalMs: 600_000, suspend: false, windows: [] } },
    });
  });

  it('of a target beat those of the project, and flags beat both', () => {
    const watch: ProjectWatch = { mode: 'heal', intervalMs: 5000, windows: [HOURS] };
    const own = { watch: { mode: 'apply' as const, windows: [] }, suspend: true as const };
    const plain = resolveSettings(project(watch, { a: {}, b: own })).targets;
    expect(plain).toMatchObject({
      a: { mode: 'heal', intervalMs: 5000, suspend: false, windows: [{ text: '0 9 * * * for 1 h (UTC)' }] },
      b: { mode: 'apply', intervalMs: 5000, suspend: true, windows: [] },
    });
    const flags = resolveSettings(project(watch, { b: own }), {
      mode: 'observe',
      intervalMs: 1,
      listen: 'off',
    });
    expect(flags).toMatchObject({ listen: undefined, targets: { b: { mode: 'observe', intervalMs: 1 } } });
  });
});

function project(watch: ProjectWatch | undefined, targets: Record<string, Partial<Target>>): Project {
  const list = Object.entries(targets).map(([name, rest]) => ({ name, ...rest }) as Target);
  return { targets: list, folder: '/project', ...(watch && { watch }) } as Project;
}
