import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nameOf } from './manifests.mjs';
import { run } from './measure.mjs';
import { openProject } from './stage.mjs';
import { printTable } from './table.mjs';

const PER_PAGE = 100;

/** The requests that reach the vendor, as the vendor counts them. A wrong count makes the bench fail. */
export async function benchRequests(stage) {
  const rows = [];
  for (const count of [1, 100, 250, 1000]) {
    const project = await openRecorded(stage, count);
    await run(process.execPath, project.llmform('plan', '--detailed-exitcode'), project.place);
    rows.push(row(`plan of ${count.toLocaleString('en')}, in sync`, await project.seen(), pages(count), 0));
  }
  const project = await openRecorded(stage, 250);
  await run(process.execPath, project.llmform('apply', '--auto-approve'), project.place);
  rows.push(row('apply of 250, nothing to do', await project.seen(), pages(250), 0));
  await changeModel(project, 7);
  await run(process.execPath, project.llmform('apply', '--auto-approve'), project.place);
  const seen = await project.seen();
  // Beside the listing it reads the changed object by itself; how often is for the tests to say.
  rows.push(row('apply of 250, one field changed', seen, seen.reads, 1));
  printTable('Requests, as the vendor counts them', ['', 'reads', 'writes', ''], rows);
  showWrite(seen.first);
}

/** A project in sync, with a ledger that knows the secret too. */
export async function openRecorded(stage, count, options) {
  const project = await openProject(stage, count, options);
  await run(
    process.execPath,
    project.llmform('apply', '--auto-approve', '--trust-secrets', '--quiet'),
    project.place,
  );
  const { writes } = await project.seen();
  if (writes > 0) throw new Error(`what is in sync was written to: ${writes} writes`);
  return project;
}

function pages(count) {
  return Math.ceil(count / PER_PAGE);
}

function row(what, { reads, writes }, expectedReads, expectedWrites) {
  const right = expectedReads === reads && expectedWrites === writes;
  if (!right) process.exitCode = 1;
  const verdict = `WRONG: ${expectedReads} reads and ${expectedWrites} writes are due`;
  return [what, reads, writes, right ? 'as it should be' : verdict];
}

const NEW_MODEL = 'gpt-5';

function showWrite({ method, path, body } = {}) {
  const text = JSON.stringify(body);
  const right = text === JSON.stringify({ modelName: NEW_MODEL });
  if (!right) process.exitCode = 1;
  const verdict = right ? '' : '  WRONG: the changed field alone is due';
  console.log(`\n  The one write: ${method} ${path} ${text}${verdict}`);
}

async function changeModel({ folder }, i) {
  const file = join(folder, 'llms', `${nameOf(i)}.yaml`);
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(/modelName: .*/, `modelName: ${NEW_MODEL}`));
}
