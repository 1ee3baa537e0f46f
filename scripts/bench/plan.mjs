import { inTurn, measured } from './measure.mjs';
import { openRecorded } from './requests.mjs';
import { mib, ms, printTable, times } from './table.mjs';

/** A plan that finds nothing to do, beside the floor for the same files and pages. */
export async function benchPlan(stage) {
  const rows = [];
  for (const [count, rounds] of [
    [1000, 9],
    [10_000, 5],
  ]) {
    const project = await openRecorded(stage, count);
    rows.push(...(await compared(`${count.toLocaleString('en')} objects`, project, rounds)));
    if (count !== 10_000) continue;
    const slow = await openRecorded(stage, count, { latencyMs: 50 });
    rows.push(...(await compared(`${count.toLocaleString('en')} objects, 50 ms a request`, slow, 3)));
  }
  printTable(
    'A plan with nothing to do, beside the floor (medians of runs in turn; the aim is 1.5 x)',
    ['', 'wall', 'cpu', 'peak', 'wall / floor', 'cpu / floor'],
    rows,
  );
  console.log(
    '\n  Part of every plan is one slow digest for each distinct secret, here one: about 50 ms of CPU.',
  );
}

async function compared(title, project, rounds) {
  const [floor, plan] = await inTurn(rounds, [
    () => measured(project.floor, project.place),
    () => measured(project.llmform('plan', '--detailed-exitcode'), project.place),
  ]);
  return [
    [`${title}: floor`, ms(floor.wall), ms(floor.cpu), mib(floor.peak)],
    [
      `${title}: plan`,
      ms(plan.wall),
      ms(plan.cpu),
      mib(plan.peak),
      times(plan.wall / floor.wall),
      times(plan.cpu / floor.cpu),
    ],
  ];
}
