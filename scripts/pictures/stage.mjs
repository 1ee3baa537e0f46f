import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const ENDPOINT = 'https://api.openai.com/v1/chat/completions';
const DESCRIPTION = "Answers billing questions on the help page, in the customer's language.";

/**
 * A project at two emulated vendors that was applied, then drifted at one of them, and then was edited: what there is
 * to see in a plan.
 */
export async function openStage() {
  const folder = await mkdtemp(join(tmpdir(), 'avatars-'));
  const children = [];
  const stage = {
    async close() {
      await Promise.all(children.map(end));
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    return Object.assign(stage, await play(folder, children));
  } catch (error) {
    await stage.close();
    throw error;
  }
}

async function play(folder, children) {
  const anam = await startEmulator('anam', children);
  const goodmem = await startEmulator('goodmem', children);
  const env = {
    PATH: process.env.PATH,
    ANAM_API_KEY: anam.credential,
    GOODMEM_API_KEY: goodmem.credential,
    OPENAI_API_KEY: 'sk-not-a-real-key',
  };
  const llmform = async (args, more = {}) => {
    const options = { cwd: folder, env: { ...env, ...more }, extendEnv: false };
    return (await execa('node', [CLI, ...args], options)).stdout;
  };

  await mkdir(join(folder, 'llms'));
  await writeFile(join(folder, 'llmform.yaml'), projectFile(anam.url, goodmem.url));
  await writeManifests(folder, 'gpt-4o');
  await llmform(['apply', '--auto-approve', '--quiet']);
  await driftAway(anam);
  await writeManifests(folder, 'gpt-5');

  return {
    /** The plan as a terminal shows it, colours included. */
    plan: () => llmform(['plan', '--target', 'anam-prod'], { FORCE_COLOR: '1' }),
    /** The plan as markdown. */
    comment: () => llmform(['plan', '--format', 'markdown', '--quiet']),
    /** Starts the daemon; its address, once there were some runs to show. */
    watch: () => startWatch(folder, env, children),
  };
}

async function startWatch(folder, env, children) {
  const args = ['watch', '--listen', '127.0.0.1:0', '--interval', '1s'];
  const daemon = spawn(process.execPath, [CLI, ...args], { cwd: folder, env });
  children.push(daemon);
  let log = '';
  for await (const chunk of daemon.stderr) {
    log += chunk;
    const [address] = /http:\/\/127\.0\.0\.1:\d+/.exec(log.replaceAll(/"baseUrl":"[^"]+"/g, '')) ?? [];
    if (address !== undefined && log.split('"reconcileId"').length > 2 * RUNS) {
      daemon.stderr.resume();
      return address;
    }
  }
  throw new Error(`watch ended: ${log}`);
}

/** Runs of each target that the page is to show. */
const RUNS = 12;

async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

async function startEmulator(vendor, children) {
  const child = spawn(process.execPath, [CLI, 'emulate', vendor], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  const [line] = await once(child.stdout, 'data');
  const [, url, credential] = /(http\S+) +credential (\S+)/.exec(String(line));
  return { url, credential };
}

/** Changes the description as someone would in the vendor's console. */
async function driftAway({ url, credential }) {
  const authorization = `Bearer ${credential}`;
  const { data } = await (await fetch(`${url}/v1/llms`, { headers: { authorization } })).json();
  const { id } = data.find(({ displayName }) => displayName === 'Support');
  const answer = await fetch(`${url}/v1/llms/${id}`, {
    method: 'PUT',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ description: 'Answers billing and sales questions on the help page.' }),
  });
  if (!answer.ok) throw new Error(`the emulator refused the change: ${answer.status}`);
}

function projectFile(anamUrl, goodmemUrl) {
  return `apiVersion: llmform/v1
kind: Project
name: avatars
manifests: ["llms/*.yaml"]
targets:
  anam-prod: { vendor: anam, baseUrl: "${anamUrl}", auth: { fromEnv: ANAM_API_KEY } }
  goodmem: { vendor: goodmem, baseUrl: "${goodmemUrl}", auth: { fromEnv: GOODMEM_API_KEY } }
`;
}

async function writeManifests(folder, model) {
  await writeFile(join(folder, 'llms/support.yaml'), anamLlm('Support', model, DESCRIPTION));
  await writeFile(
    join(folder, 'llms/sales.yaml'),
    anamLlm('Sales', 'gpt-4o', 'Answers questions about plans and prices.'),
  );
  await writeFile(
    join(folder, 'llms/archive.yaml'),
    `apiVersion: llmform/v1
kind: LLM
vendor: goodmem
metadata: { name: archive }
spec:
  displayName: Archive
  providerType: OPENAI
  endpointUrl: https://api.openai.com/v1
  modelIdentifier: gpt-4o-mini
  credentials:
    kind: CREDENTIAL_KIND_API_KEY
    apiKey: { inlineSecret: { fromEnv: OPENAI_API_KEY } }
`,
  );
}

function anamLlm(displayName, model, description) {
  return `apiVersion: llmform/v1
kind: LLM
vendor: anam
metadata: { name: ${displayName.toLowerCase()} }
spec:
  displayName: ${displayName}
  description: ${description}
  llmFormat: openai
  modelName: ${model}
  urls: [{ url: "${ENDPOINT}" }]
  secret: { fromEnv: OPENAI_API_KEY }
`;
}
