import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { count, printTally } from '../support/fuzz-runs.js';
import { type BrokenVendor, jsonReply, openBrokenVendor } from './broken-vendor.js';
import { expectCalm } from './calm.js';
import { wanted } from './wanted.js';

printTally('hostile content');

const SOAK = process.env.LLMFORM_FUZZ_RUNS !== undefined;

/** Values in listings of the right shape, as JSON text. */
const contents: readonly [string, string][] = [
  ['a hundred thousand lists in each other', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
  ['fifty thousand objects in each other', `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`],
  ['five megabytes', JSON.stringify('x'.repeat(5_000_000))],
  ['five megabytes of words', JSON.stringify('some word '.repeat(500_000))],
  ['a hundred thousand lines', JSON.stringify('line\n'.repeat(100_000))],
  ['terminal escapes', JSON.stringify('\u001b[2J\u001b]0;owned\u0007\u009b31m\u202e\r\n\u0008')],
  ['half a character', '"\\ud800"'],
  ['dots', '".."'],
  ['a path', '"../../v1/other?x=1#y"'],
  ['a workflow command', JSON.stringify('\n::error file=a::owned\n%0A::set-output name=x::y')],
  ['markup', JSON.stringify('</details><script>alert(1)</script>```\n<!-- @everyone')],
  ['an infinite number', '1e400'],
  ['keys of JavaScript', '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'],
];

describe.each(wanted)('$vendor $kind', (one) => {
  let vendor: BrokenVendor;
  let listing: string;
  beforeAll(async () => {
    vendor = await openBrokenVendor(one);
    listing = (await vendor.usual('list', 'update')).body.toString();
  });
  afterAll(() => vendor.close());

  it.each(contents)('shows %s in an object as text, or says what is wrong', async (_, content) => {
    const fields = [...Object.keys(one.spec), 'id', 'llmId'];
    for (const field of fields.filter((each) => listing.includes(`"${each}":`))) {
      for (const format of SOAK ? ['text', 'markdown'] : ['text']) {
        const body = Buffer.from(withMember(listing, field, content));
        const run = await vendor.run('list', { ...jsonReply(null), body }, '--format', format);
        try {
          expectCalm(run, vendor.secrets);
        } catch (error) {
          const said = `${run.out}${run.err}`;
          throw new Error(`${field}, ${format}, ${said.length} characters: ${said.slice(0, 1500)}`, {
            cause: error,
          });
        }
        count(1, 0);
      }
      if (!SOAK) break;
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

/** The text of a listing in which a member of every object has another value. */
function withMember(text: string, field: string, content: string): string {
  const marker = 'in place of the value';
  const marked = JSON.stringify(JSON.parse(text), (key, value: unknown) => (key === field ? marker : value));
  return marked.replaceAll(JSON.stringify(marker), () => content);
}
