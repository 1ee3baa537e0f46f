import { fork } from 'node:child_process';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { CONCURRENCY, projectFile, writeManifests } from './manifests.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Everything a bench run needs, in one temporary folder: the bundled floor, and an emulator in its own process. */
export async function openStage(cli) {
  const temporary = await mkdtemp(join(await realpath(tmpdir()), 'llmform-bench-'));
  let child;
  const close = async () => {
    if (child?.connected) child.disconnect();
    await rm(temporary, { recursive: true, force: true });
  };
  try {
    await bundle(temporary);
    child = fork(join(temporary, 'emulator.mjs'));
    return { cli, temporary, floor: join(temporary, 'floor.mjs'), emulator: orders(child), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A project of `count` manifests against a new emulator that holds `objects` of them already. */
export async function openProject(stage, count, { objects = count, latencyMs = 0, ledger } = {}) {
  const { number, url, credential } = await stage.emulator('start', { objects, latencyMs });
  const folder = await mkdtemp(join(stage.temporary, `${count}-`));
  const config = `llmform-${number}.yaml`;
  await writeManifests(folder, count);
  await writeFile(join(folder, config), projectFile(url, ledger));
  const env = {
    PATH: process.env.PATH,
    BENCH_ANAM_KEY: credential,
    BENCH_OPENAI_KEY: 'sk-bench-not-a-real-key',
  };
  return {
    folder,
    concurrency: CONCURRENCY,
    seen: () => stage.emulator('requests', { number }),
    place: { cwd: folder, env, temporary: stage.temporary },
    llmform: (command, ...flags) => [stage.cli, command, '--config', config, ...flags],
    floor: [stage.floor, join(folder, 'llms'), url, credential],
  };
}

async function bundle(outdir) {
  await build({
    entryPoints: { floor: join(here, 'floor.mjs'), emulator: join(here, 'emulator.mjs') },
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    minify: true,
    logLevel: 'error',
  });
}

/** One order at a time: each waits for its answer. */
function orders(child) {
  return (order, facts) =>
    new Promise((resolve, reject) => {
      const gone = (code) => reject(new Error(`the emulator ended with ${code}`));
      child.once('exit', gone);
      child.once('message', ({ result, error }) => {
        child.off('exit', gone);
        if (error === undefined) resolve(result);
        else reject(new Error(error));
      });
      child.send({ order, ...facts });
    });
}
