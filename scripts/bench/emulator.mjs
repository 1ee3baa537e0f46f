// Runs in a process of its own, so that the vendor's work is not counted as ours. Orders come over IPC.
import { startEmulator } from '../../src/emulator/index.ts';
import { liveObject } from './manifests.mjs';

const running = [];

const orders = {
  async start({ objects, latencyMs }) {
    const emulator = await startEmulator('anam', { latencyMs });
    for (let i = 0; i < objects; i += 1) emulator.put('LLM', liveObject(i));
    running.push(emulator);
    return { number: running.length - 1, url: emulator.url, credential: emulator.credential };
  },

  /** The requests since the last call. */
  async requests({ number }) {
    const { requests } = running[number];
    const writes = requests.filter(({ method }) => method !== 'GET');
    const seen = { reads: requests.length - writes.length, writes: writes.length, first: writes[0] };
    requests.length = 0;
    return seen;
  },
};

process.on('message', async ({ order, ...facts }) => {
  try {
    process.send({ result: await orders[order](facts) });
  } catch (error) {
    process.send({ error: String(error) });
  }
});
process.on('disconnect', () => process.exit());
