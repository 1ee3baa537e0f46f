import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inTurn, measured } from './measure.mjs';
import { mib, ms, printTable, times } from './table.mjs';

const BYTES = 7.9 * 1024 * 1024;
const PROSE = 'lorem ipsum dolor sit amet, consectetur';

/** How much memory `validate` takes for files of one size and different styles, beside what it takes for one manifest. */
export async function benchMemory(stage) {
  const styles = {
    'one manifest': [inJson(0)],
    'JSON, a manifest in a line': [documents((i) => `${inJson(i)}\n`)],
    'JSON, indented': [documents((i) => `${inJson(i, 2)}\n`)],
    'YAML blocks': [documents(inBlocks)],
    'texts of 100 kB in JSON': files((i) => inJson(i, 0, PROSE.repeat(2600))),
    'texts of 100 kB in YAML': files((i) => inBlocks(i, PROSE, 2600)),
  };
  const places = await Promise.all(Object.values(styles).map((texts) => project(stage, texts)));
  const results = await inTurn(
    3,
    places.map((place) => () => measured([stage.cli, 'validate'], place)),
  );
  const [least] = results;
  printTable(
    'Memory of validate (peaks, medians of 3 runs in turn; the aim is 6 x the size of JSON and of long texts)',
    ['', 'wall', 'peak', 'growth beside the size'],
    Object.entries(styles).map(([name, texts], i) => {
      const size = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1024 / 1024;
      const { wall, peak } = results[i];
      return [name, ms(wall), mib(peak), i === 0 ? '' : times((peak - least.peak) / size)];
    }),
  );
}

async function project({ temporary }, texts) {
  const folder = await mkdtemp(join(temporary, 'memory-'));
  await mkdir(join(folder, 'manifests'));
  const file = `apiVersion: llmform/v1
kind: Project
name: bench
targets: { anam: { vendor: anam, auth: { fromEnv: KEY } } }
`;
  await writeFile(join(folder, 'llmform.yaml'), file);
  await Promise.all(texts.map((text, i) => writeFile(join(folder, 'manifests', `${i}.yaml`), text)));
  return { cwd: folder, env: { PATH: process.env.PATH }, temporary };
}

function documents(one) {
  const parts = [];
  for (let size = 0; size < BYTES; size += parts.at(-1).length) parts.push(`---\n${one(parts.length)}`);
  return parts.slice(0, -1).join('');
}

function files(one) {
  return Array.from({ length: 80 }, (_, i) => one(i));
}

function inJson(i, indent = 0, description = undefined) {
  const spec = {
    displayName: `Object ${i}`,
    llmFormat: 'openai',
    modelName: 'gpt-4o',
    description,
    urls: [{ url: 'https://api.openai.com/v1/chat/completions' }],
    secret: { fromEnv: 'KEY' },
  };
  const head = { apiVersion: 'llmform/v1', kind: 'LLM', vendor: 'anam', metadata: { name: `object-${i}` } };
  return JSON.stringify({ ...head, spec }, null, indent);
}

function inBlocks(i, line = undefined, lines = 1) {
  return `apiVersion: llmform/v1
kind: LLM
vendor: anam
metadata:
  name: object-${i}
spec:
  displayName: Object ${i}
  llmFormat: openai
  modelName: gpt-4o
${line === undefined ? '' : `  description: |\n${`    ${line}\n`.repeat(lines)}`}  urls:
    - url: https://api.openai.com/v1/chat/completions
  secret:
    fromEnv: KEY
`;
}
