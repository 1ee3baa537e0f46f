// The floor: the least program that has the same inputs in memory. It reads and parses the YAML files, fetches the
// pages (the first, then all others at once), parses their JSON, and does nothing with any of it.
import { readdirSync, readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { join } from 'node:path';
import { load } from 'js-yaml';

const [folder, url, credential] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: 50 });

const pages = fetchPages();
const files = readdirSync(folder).map((name) => load(readFileSync(join(folder, name), 'utf8')));
const objects = (await pages).flatMap((page) => page.data);
agent.destroy();
if (files.length !== objects.length) throw new Error(`${files.length} files, ${objects.length} objects`);

async function fetchPages() {
  const first = await fetchPage(1);
  const others = Array.from({ length: first.meta.lastPage - 1 }, (_, i) => fetchPage(i + 2));
  return [first, ...(await Promise.all(others))];
}

function fetchPage(page) {
  const headers = { authorization: `Bearer ${credential}` };
  const path = `/v1/llms?page=${page}&perPage=100&includeDefaults=false`;
  return new Promise((resolve, reject) => {
    get(url + path, { agent, headers }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString('utf8'))));
    }).on('error', reject);
  });
}
