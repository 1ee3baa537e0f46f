#!/usr/bin/env node
// Checks that a tag can be released: it names the version of package.json, CHANGELOG.md has a dated section for it, and
// nothing newer of its major version is out. Prints the section, which becomes the notes of the release; in a workflow
// it also sets the outputs that the later jobs need.
//   node scripts/release.mjs vX.Y.Z
import { execFile } from 'node:child_process';
import { appendFile, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const VERSION = /^v((0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9a-z.-]+)?)$/;

async function main(tag) {
  const [, version, major, minor, patch, pre] = VERSION.exec(tag ?? '') ?? [];
  if (version === undefined)
    throw new Error(`${tag ?? 'nothing'} is not a tag such as v1.2.3 or v1.2.3-rc.1`);
  const { version: declared } = JSON.parse(await readFile('package.json', 'utf8'));
  const { version: locked } = JSON.parse(await readFile('package-lock.json', 'utf8'));
  if (declared !== version || locked !== version) {
    throw new Error(`${tag} is tagged, but package.json says ${declared} and package-lock.json ${locked}`);
  }
  const notes = sectionOf(await readFile('CHANGELOG.md', 'utf8'), version);
  const tags = (await git('tag', '--list', `v${major}.*`)).split('\n');
  const newer = pre === undefined ? tags.filter((other) => isNewer(other, [major, minor, patch])) : [];
  if (newer.length > 0) {
    throw new Error(
      `${newer.join(' and ')} is newer, and workflows that use v${major} would go back to ${tag}`,
    );
  }
  await setOutputs({
    version,
    commit: await git('rev-parse', 'HEAD'),
    major: `v${major}`,
    'npm-tag': pre === undefined ? 'latest' : 'next',
    prerelease: String(pre !== undefined),
  });
  console.log(notes);
}

/** The section of CHANGELOG.md about a version: from its heading, with a date, to the next one. */
function sectionOf(changelog, version) {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => text.startsWith(`[${version}] - `));
  const [heading = '', ...lines] = section?.split('\n') ?? [];
  if (!/ - \d{4}-\d{2}-\d{2}$/.test(heading)) {
    throw new Error(`CHANGELOG.md has no section "## [${version}] - YYYY-MM-DD"`);
  }
  const text = lines.join('\n').trim();
  if (text === '') throw new Error(`CHANGELOG.md says nothing about ${version}`);
  return text;
}

/** Tells whether a tag names a later version, pre-releases left out. */
function isNewer(tag, version) {
  const [, , major, minor, patch, pre] = VERSION.exec(tag) ?? [];
  if (major === undefined || pre !== undefined) return false;
  const differences = [major, minor, patch].map((part, i) => Number(part) - Number(version[i]));
  return (differences.find((difference) => difference !== 0) ?? 0) > 0;
}

async function git(...args) {
  return (await promisify(execFile)('git', args)).stdout.trim();
}

async function setOutputs(outputs) {
  const file = process.env.GITHUB_OUTPUT;
  if (file === undefined) return;
  const lines = Object.entries(outputs).map(([name, value]) => `${name}=${value}\n`);
  await appendFile(file, lines.join(''));
}

await main(process.argv[2]).catch((error) => {
  console.error(`release: ${error.message}`);
  process.exitCode = 1;
});
