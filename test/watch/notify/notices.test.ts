import { describe, expect, it } from 'vitest';
import { slackBody, webhookBody } from '../../../src/watch/notify/notice-messages.js';
import { createNotices, type Notice } from '../../../src/watch/notify/notices.js';
import type { RunOutcome } from '../../../src/watch/state/model.js';
import { ended } from '../../support/ended-runs.js';

const MINUTE = 60_000;
const ENVELOPE = { project: 'shop', page: 'https://watch.test/', ts: '2026-01-01T00:00:00.000Z' };

describe('what is worth telling', () => {
  const cases: [string, [minute: number, result: RunOutcome, change?: object][], (string | undefined)[]][] = [
    [
      'nothing while all is well',
      [
        [0, 'no_change'],
        [1, 'success'],
        [2, 'no_change'],
      ],
      [undefined, undefined, undefined],
    ],
    [
      'the same drift once',
      [
        [0, 'drift'],
        [10, 'drift'],
        [20, 'drift'],
      ],
      ['drift', undefined, undefined],
    ],
    [
      'another drift, but not at once',
      [
        [0, 'drift'],
        [5, 'drift', { fingerprint: 'b' }],
        [11, 'drift', { fingerprint: 'b' }],
      ],
      ['drift', undefined, 'drift'],
    ],
    [
      'the same failure once',
      [
        [0, 'error'],
        [1, 'error'],
        [60, 'error'],
      ],
      ['failure', undefined, undefined],
    ],
    [
      'another failure later',
      [
        [0, 'error'],
        [1, 'terminal', { code: 'credential' }],
        [12, 'terminal', { code: 'credential' }],
      ],
      ['failure', undefined, 'failure'],
    ],
    [
      'recovery after drift',
      [
        [0, 'drift'],
        [1, 'success'],
        [2, 'no_change'],
      ],
      ['drift', 'recovery', undefined],
    ],
    [
      'recovery after failure',
      [
        [0, 'terminal'],
        [1, 'no_change'],
      ],
      ['failure', 'recovery'],
    ],
    [
      'drift after failure, and recovery of both',
      [
        [0, 'error'],
        [1, 'drift'],
        [2, 'no_change'],
      ],
      ['failure', 'drift', 'recovery'],
    ],
    [
      'that a failure is over while the drift stays',
      [
        [0, 'drift'],
        [1, 'error'],
        [2, 'drift'],
        [3, 'drift'],
      ],
      ['drift', 'failure', 'recovery', undefined],
    ],
    [
      'a target that flaps every ten minutes at most, and how it ended',
      [
        [0, 'error'],
        [1, 'no_change'],
        [2, 'error'],
        [3, 'no_change'],
        [4, 'error'],
        [10, 'error'],
        [10.5, 'no_change'],
        [11, 'no_change'],
      ],
      ['failure', 'recovery', undefined, undefined, undefined, 'failure', undefined, 'recovery'],
    ],
  ];
  it.each(cases)('%s', (_, runs, expected) => {
    const notices = createNotices();
    const told = runs.map(
      ([minute, result, change]) => notices.after(...ended(result, change), minute * MINUTE)?.kind,
    );
    expect(told).toEqual(expected);
  });

  it('is told of each target for itself', () => {
    const notices = createNotices();
    for (const name of ['a', 'b']) expect(notices.after(...ended('drift', { name }), 0)?.target).toBe(name);
  });

  it('says what, how much and where, ten addresses at most, and never a value', () => {
    const notice = createNotices().after(
      ...ended('drift', { objects: 13, held: ['the mode is observe'] }),
      0,
    );
    expect(notice).toMatchObject({
      counts: { update: 7, create: 6 },
      more: 3,
      held: ['the mode is observe'],
      fingerprint: 'sha256:1',
      commit: 'c0ffee',
    });
    expect(notice?.addresses).toHaveLength(10);
    const failure = createNotices().after(...ended('error'), 0);
    const told = [notice, failure].filter((one) => one !== undefined);
    for (const body of [webhookBody(told, ENVELOPE), slackBody(told, ENVELOPE)]) {
      expect(JSON.stringify(body)).not.toContain('VALUE');
      expect(JSON.stringify(body)).toContain('https://watch.test/');
    }
  });
});

describe('a message for Slack', () => {
  const base: Notice = { kind: 'drift', target: 'anam', vendor: 'anam', mode: 'observe', at: 0 };

  it('says it in one line, and in sections', () => {
    const notices = [
      {
        ...base,
        counts: { update: 2, create: 1 },
        addresses: ['anam/LLM/a'],
        more: 2,
        held: ['a window is closed'],
      },
      { ...base, kind: 'failure' as const, error: 'credential' },
      { ...base, kind: 'recovery' as const, of: ['drift' as const, 'failure' as const] },
    ];
    const { text, blocks } = slackBody(notices, ENVELOPE) as {
      text: string;
      blocks: { text: { text: string } }[];
    };
    expect(text).toBe(
      'llmform, shop: anam has drifted: 2 to update, 1 to create; anam fails (credential); anam is well again (drift and failure over)',
    );
    expect(blocks[0]?.text.text).toBe(
      ':large_yellow_circle: *anam has drifted: 2 to update, 1 to create*\n• `anam/LLM/a`\nand 2 more\n_a window is closed_',
    );
    expect(blocks.at(-1)?.text.text).toBe('<https://watch.test/|Show the page>');
  });

  it('has no mention and no link, whatever things are called', () => {
    const hostile = '<!channel> <@U1> <https://evil.test|click> & `code`\n*x*';
    const body = slackBody(
      [
        {
          ...base,
          target: hostile,
          addresses: [hostile],
          held: [hostile],
          error: hostile,
          commit: hostile,
          counts: { update: 1 },
        },
      ],
      { project: hostile, ts: '' },
    );
    const text = JSON.stringify(body);
    expect(text).not.toMatch(/[<>]/);
    expect(text).toContain('&lt;!channel&gt;');
  });

  it('stays within what Slack takes', () => {
    const many = Array.from({ length: 100 }, (_, n) => ({
      ...base,
      target: `t${n}`.padEnd(63, 'x'),
      held: ['y'.repeat(5000)],
    }));
    const { text, blocks } = slackBody(many, ENVELOPE) as {
      text: string;
      blocks: { text: { text: string } }[];
    };
    expect(blocks.length).toBeLessThanOrEqual(50);
    expect(Math.max(text.length, ...blocks.map((block) => block.text.text.length))).toBeLessThanOrEqual(3000);
    expect(JSON.stringify(blocks)).toContain('and 60 more targets');
  });
});
