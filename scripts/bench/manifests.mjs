// The objects of the bench: LLMs of one Anam organization, as files and as the vendor would hold them.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const PROJECT = 'bench';
export const TARGET = 'anam-bench';

/** Writes a project of `count` manifests, one a file, about 0.8 KB each. */
export async function writeManifests(folder, count) {
  await mkdir(join(folder, 'llms'), { recursive: true });
  for (let i = 0; i < count; i += 1) await writeFile(join(folder, 'llms', `${nameOf(i)}.yaml`), manifest(i));
}

export const CONCURRENCY = 50;

/** A project file; the limits are set high so that the machine is measured and not our own politeness. */
export function projectFile(url, ledger = 'file') {
  return `apiVersion: llmform/v1
kind: Project
name: ${PROJECT}
manifests: ["llms/**/*.yaml"]
targets:
  ${TARGET}:
    vendor: anam
    baseUrl: ${url}
    auth: { fromEnv: BENCH_ANAM_KEY }
    concurrency: ${CONCURRENCY}
    requestsPerSecond: 100000
ledger: { type: ${ledger} }
`;
}

/** The object that a manifest describes, ownership mark included, as an earlier apply would have left it. */
export function liveObject(i) {
  return { id: idOf(i), ...fields(i), metadata: { ...labels(i), llmform: `${PROJECT}/${addressOf(i)}` } };
}

export function nameOf(i) {
  return `support-${String(i).padStart(5, '0')}`;
}

function addressOf(i) {
  return `${TARGET}/LLM/${nameOf(i)}`;
}

function idOf(i) {
  return `5f0c7a10-0000-4000-8000-${i.toString(16).padStart(12, '0')}`;
}

function fields(i) {
  return {
    displayName: `Support ${i}`,
    description: [
      `Answers questions about orders, invoices and returns of shop ${i}.`,
      'It is friendly and brief, asks back when an order number is missing, and hands over to a person',
      'when the customer is upset or wants to cancel. It never promises a refund, and it never guesses',
      'a delivery date: what it does not know it says it does not know.',
    ].join('\n'),
    llmFormat: 'openai',
    modelName: i % 3 === 0 ? 'gpt-4o' : 'gpt-4o-mini',
    urls: [{ url: `https://llm-${i % 10}.example.com/v1/chat/completions` }],
  };
}

function labels(i) {
  return { team: `team-${i % 20}`, costCenter: `cc-${i % 50}`, stage: i % 2 === 0 ? 'production' : 'test' };
}

function manifest(i) {
  const { displayName, description, llmFormat, modelName, urls } = fields(i);
  const { team, costCenter, stage } = labels(i);
  return `# The assistant of one shop. Ask its team before you change the model.
apiVersion: llmform/v1
kind: LLM
vendor: anam
metadata:
  name: ${nameOf(i)}
  target: ${TARGET}
spec:
  displayName: ${displayName}
  description: |-
${description.replace(/^/gm, '    ')}
  llmFormat: ${llmFormat}
  modelName: ${modelName}
  urls:
    - url: ${urls[0].url}
  secret: { fromEnv: BENCH_OPENAI_KEY }
  metadata:
    team: ${team}
    costCenter: ${costCenter}
    stage: ${stage}
`;
}
