import type { FaultEffect } from '../../../src/emulator/index.js';
import type { PlannedRequest } from '../../../src/model/plan.js';
import { apply, canFail, settle } from '../apply.js';
import { demand, planOf, run, said, watched } from '../run.js';
import type { Step } from '../step.js';
import type { Walk } from '../walk.js';
import type { Ended } from '../world.js';

export const applyPlainly: Step = {
  name: 'apply',
  take: (walk) => apply(walk, '--max-delete', '99'),
};

export const applyGuarded: Step = {
  name: 'apply --prune, and --max-delete once it is asked for',
  take: (walk) => apply(walk, '--prune'),
};

export const applyAdopting: Step = {
  name: 'apply --adopt',
  take: (walk) => apply(walk, '--adopt', '--max-delete', '99'),
};

export const applyAll: Step = {
  name: 'apply --adopt --prune',
  take: (walk) => apply(walk, '--adopt', '--prune', '--max-delete', '99'),
};

const ALL = ['--adopt', '--prune', '--max-delete', '99', '--max-missing', '99'];
const APPLY = ['apply', '--auto-approve', '--format', 'json', ...ALL];

/** One of them gets the ledger, and the other one is refused, or waits for its turn. */
export function applyTwice(waits: boolean): Step {
  return {
    name: waits ? 'two applies at once, which wait' : 'two applies at once',
    async take(walk) {
      const mayFail = canFail(walk, ALL);
      const argv = waits ? [...APPLY, '--lock-timeout', '60s'] : APPLY;
      const both = await watched(walk, argv, () =>
        Promise.all([0, 1].map(() => walk.world.run(argv, { realTime: true }))),
      );
      const [first, second] = [...both].sort((a, b) => Number(isHeld(a)) - Number(isHeld(b)));
      demand(walk, first !== undefined && second !== undefined, 'two applies have two ends');
      const refused = isHeld(second);
      demand(walk, !isHeld(first), 'both of two applies were refused', first);
      demand(walk, !waits || !refused, 'the second apply did not wait', second);
      if (!refused) {
        const whole = both.every(({ code }) => code === 0);
        demand(walk, mayFail || whole, 'one of two applies failed', whole ? first : second);
      }
      await settle(
        walk,
        argv,
        refused ? first : { ...second, code: Math.max(first.code, second.code) },
        mayFail,
      );
    },
  };
}

function isHeld(ended: Ended): boolean {
  return ended.code === 1 && said(ended).includes('another apply holds the ledger');
}

/**
 * The process is gone between a write and its answer. What it remembered by then is what the next run finds; nothing that it
 * did in this process after that moment reaches the vendor.
 */
export function killApply(moment: number): Step {
  return {
    name: `kill an apply at write ${moment}`,
    async take(walk) {
      await disturb(walk, moment, (interrupt) => {
        let restore = () => {};
        const run = () => {
          restore = walk.world.photograph();
          for (const account of walk.accounts) refuseWrites(account.faults);
          interrupt();
        };
        return { effect: { type: 'meanwhile', run }, after: () => restore() };
      });
    },
  };
}

export function interruptApply(moment: number): Step {
  return {
    name: `interrupt an apply at write ${moment}`,
    take: (walk) => disturb(walk, moment, (interrupt) => ({ effect: { type: 'meanwhile', run: interrupt } })),
  };
}

export function cutApply(moment: number, when: 'before' | 'after'): Step {
  return {
    name: `lose the connection ${when} write ${moment} of an apply is done`,
    take: (walk) => disturb(walk, moment, () => ({ effect: { type: 'reset', when } })),
  };
}

interface Disturbance {
  effect: FaultEffect;
  after?: () => void;
}

/** Runs an apply in which one of the writes meets with something. */
async function disturb(
  walk: Walk,
  moment: number,
  disturbance: (interrupt: () => void) => Disturbance,
): Promise<void> {
  const planned = await run(walk, ['plan', '--format', 'json', '--adopt', '--prune']);
  const writes = planOf(planned).changes.flatMap(({ address, blocked, requests }) =>
    blocked === undefined ? requests.map((request) => ({ request, target: address.split('/', 1)[0] })) : [],
  );
  const hit = writes[moment % Math.max(1, writes.length)];
  let interrupt = () => {};
  const { effect, after } = disturbance(() => interrupt());
  const account = Object.values(walk.project.targets).find((target) => target?.name === hit?.target)?.account;
  if (hit !== undefined && account !== undefined) {
    const before = writes.slice(0, writes.indexOf(hit)).filter(isLike(hit.request, hit.target)).length;
    account.faults.push({ match: { method: hit.request.method }, skip: before, times: 1, effect });
  }
  const onInterrupt = (stop: () => void) => {
    interrupt = stop;
  };
  try {
    const ended = await run(walk, APPLY, { onInterrupt });
    demand(walk, [0, 1, 3, 130].includes(ended.code), 'a disturbed apply ended in an odd way', ended);
  } finally {
    for (const one of walk.accounts) one.faults.length = 0;
    after?.();
  }
  walk.loose = true;
}

function isLike({ method }: PlannedRequest, target: string | undefined) {
  return (one: { request: PlannedRequest; target: string | undefined }) =>
    one.request.method === method && one.target === target;
}

function refuseWrites(faults: Walk['accounts'][number]['faults']): void {
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
    faults.push({ match: { method }, effect: { type: 'status', status: 400, body: { message: 'gone' } } });
  }
}
