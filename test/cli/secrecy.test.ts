import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { leaksIn } from '../support/leaks.js';
import { serve } from '../support/loopback.js';
import { failureIn } from '../support/output-schemas.js';
import {
  anamLlm,
  anamProject,
  emulate,
  KEYS,
  later,
  openProject,
  projectFile,
  writesTo,
} from '../support/project.js';

/** An Anam that has nothing, and says no to every write in words that it makes of the secret that it was sent. */
async function echoing(
  words: (secret: string) => string,
  headers: Record<string, string> = {},
): Promise<string> {
  const vendor = await serve((request, response) => {
    const meta = { total: 0, lastPage: 1, currentPage: 1, perPage: 100, prev: null, next: null };
    if (request.method === 'GET') return void response.end(JSON.stringify({ data: [], meta }));
    const { secret } = JSON.parse(vendor.requests.at(-1)?.body ?? '{}') as { secret: string };
    response.writeHead(422, headers).end(JSON.stringify({ message: words(secret) }));
  });
  later(() => vendor.close());
  return vendor.url;
}

describe('a long secret', () => {
  it.each([8_000, 16_000])('of %i characters is kept out of everything like any other', async (length) => {
    const anam = await emulate('anam');
    const long = randomBytes(length / 2).toString('hex');
    const project = await anamProject(anam.url, {
      'llms/a.yaml': anamLlm('a'),
      'llms/b.yaml': anamLlm('b').replace('{ fromEnv: OPENAI }', '{ fromFile: notes.txt }'),
      'notes.txt': long,
    });
    const { code, out, err } = await project.run('apply', '--auto-approve');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(anam.objects('LLM')).toHaveLength(2);
    anam.put('LLM', { id: String(anam.objects('LLM')[0]?.id), modelName: `${long} and ${KEYS.OPENAI}` });
    const plan = await project.run('plan', '--format', 'json');
    expect(plan.out).toContain('(sensitive) and (sensitive)');
    const said = new Map([
      ['apply', out + err],
      ['plan', plan.out + plan.err],
    ]);
    expect(leaksIn(said, [long, ...Object.values(KEYS)])).toEqual([]);
  });

  it('over 16 KiB is a warning of plan and an error of apply that names its source and size', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, {
      'llms/a.yaml': anamLlm('a'),
      'llms/b.yaml': anamLlm('b').replace('{ fromEnv: OPENAI }', '{ fromFile: notes.txt }'),
      'notes.txt': randomBytes(30_000).toString('hex'),
    });
    const plan = await project.run('plan');
    expect(plan.code).toBe(0);
    expect(plan.err).toMatch(/warning\[secret\].*the file notes\.txt gives a secret of 60000 bytes/);
    const apply = await project.run('apply', '--auto-approve');
    expect(apply.code).toBe(1);
    expect(apply.err).toMatch(/error\[secret\].*the file notes\.txt gives a secret of 60000 bytes/);
    expect(writesTo(anam)).toEqual([]);
    expect(leaksIn(new Map([['said', plan.out + plan.err + apply.err]]), Object.values(KEYS))).toEqual([]);
  });
});

describe('what a vendor says', () => {
  const secret = `sk-proj-Ab12Cd34Ef56"Gh78&Ij90Kl12Mn34Op56Qr78St90`;
  const apply = async (url: string) => {
    const files = { 'llmform.yaml': projectFile(url), 'llms/a.yaml': anamLlm('a') };
    const project = await openProject(files, { ...KEYS, OPENAI: secret });
    return project.run('apply', '--auto-approve');
  };

  it.each<[string, (secret: string) => string]>([
    ['the first part', (s) => `${s.slice(0, 30)}…`],
    ['the last part', (s) => `…${s.slice(-30)}`],
    ['hex', (s) => Buffer.from(s).toString('hex')],
    ['base64 behind a name', (s) => Buffer.from(`user:${s}`).toString('base64')],
    ['capitals', (s) => s.toUpperCase()],
    ['lines of 20', (s) => s.match(/.{1,20}/g)?.join('\n') ?? ''],
    ['invisible characters', (s) => [...s].join('\u2060')],
    ['JSON in JSON', (s) => JSON.stringify(JSON.stringify({ k: s }))],
    ['HTML', (s) => s.replaceAll('&', '&amp;').replaceAll('"', '&quot;')],
    ['escapes', (s) => [...s].map((c) => `\\u00${c.charCodeAt(0).toString(16)}`).join('')],
  ])('holds no secret as %s, and comes after our own words', async (_, dress) => {
    const url = await echoing((s) => `bad key ${dress(s)} for this endpoint`, {
      'x-request-id': 'req_1A2b3C4d5E6f',
    });
    const { code, out, err } = await apply(url);
    expect(code).toBe(3);
    expect(out + err).toMatch(
      /the vendor found the request invalid \(HTTP 422\): bad key \(sensitive\) for this endpoint \[request req_1A2b3C4d5E6f\]/,
    );
  });

  it('stays readable where it holds none', async () => {
    const url = await echoing(() => 'modelName: gpt-4o-mini-2024-07-18 is not enabled for your plan');
    const { out } = await apply(url);
    expect(out).toContain('(HTTP 422): modelName: gpt-4o-mini-2024-07-18 is not enabled for your plan');
  });
});

describe('a manifest that spells out a secret', () => {
  const key = 'sk-proj-a/long+key=of-the-user';
  const open = async (files: Record<string, string>, env: Record<string, string>) => {
    const anam = await emulate('anam');
    const project = await openProject(
      { 'llmform.yaml': projectFile(anam.url), ...files },
      { ...KEYS, ...env },
    );
    return { anam, project };
  };

  it('is an error that names the place, before anything is shown or sent', async () => {
    const described = anamLlm('a', 'gpt-4o', `  description: |\n    The key is ${key}.\n`);
    const { anam, project } = await open(
      { 'llms/a.yaml': anamLlm('b'), 'llms/z.yaml': `---\n${described}` },
      { OPENAI: key },
    );
    for (const command of [['plan'], ['apply', '--auto-approve'], ['plan', '--format', 'json']]) {
      const { code, out, err } = await project.run(...command);
      expect(code).toBe(1);
      expect(out + err).not.toContain(key);
      if (command.includes('json')) {
        expect(failureIn(out)).toEqual([
          expect.objectContaining({
            code: 'secret-literal',
            summary: 'this file spells out the secret that comes from the environment variable OPENAI',
            file: 'llms/z.yaml',
            line: 12,
            address: 'anam/LLM/a',
            path: '/spec/description',
          }),
        ]);
      } else
        expect(err).toMatch(/^error\[secret-literal\] llms\/z\.yaml:12:\d+ this file spells out the secret/m);
    }
    expect(anam.requests).toEqual([]);
  });

  it('is found in the project file as well', async () => {
    const { anam, project } = await open(
      { 'llms/a.yaml': anamLlm('a') },
      { OPENAI: 'a-host.of-the-secret.test' },
    );
    const file = await project.read('llmform.yaml');
    const more =
      '  other: { vendor: goodmem, baseUrl: "https://a-host.of-the-secret.test", auth: { fromEnv: ANAM_KEY } }\n';
    await project.write({ 'llmform.yaml': file + more });
    const { code, err } = await project.run('plan', '--target', 'anam');
    expect(code).toBe(1);
    expect(err).toMatch(/^error\[secret-literal\] llmform\.yaml:10:\d+ /m);
    expect(err).not.toContain('a-host');
    expect(anam.requests).toEqual([]);
  });

  it('is shown all the same where the secret is a file of the project, which hides nothing from reviewers', async () => {
    const url = 'https://attacker.example/v1/chat/completions';
    const { anam, project } = await open(
      {
        'llms/a.yaml': anamLlm('a').replace('https://api.openai.com/v1/chat/completions', url),
        'llms/b.yaml': anamLlm('b').replace('{ fromEnv: OPENAI }', '{ fromFile: notes.txt }'),
        'notes.txt': url,
      },
      {},
    );
    const plan = await project.run('plan');
    expect(plan.code).toBe(1);
    expect(plan.out).toContain(url);
    expect(plan.err).toMatch(/error\[secret-literal\] llms\/a\.yaml:9:\d+ .*the file notes\.txt/);
    expect((await project.run('apply', '--auto-approve')).code).toBe(1);
    expect(writesTo(anam)).toEqual([]);
  });

  it('says nothing of secrets that could be found by trying', async () => {
    const guesses = Array.from({ length: 1000 }, (_, i) => `pin-${String(i).padStart(11, '0')}`);
    const more = `  metadata: { guesses: ${JSON.stringify(guesses)} }\n`;
    const { project } = await open(
      { 'llms/a.yaml': anamLlm('a', 'gpt-4o', more) },
      { OPENAI: guesses[739] ?? '' },
    );
    const { code, out, err } = await project.run('plan', '--format', 'json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out).changes[0].requests[0].body.metadata.guesses).toEqual(guesses);
  });
});

describe('a secret that may be found by trying', () => {
  const pin = 'pin-7391';
  const guesses = Array.from({ length: 1000 }, (_, i) => `pin-${7000 + i}`);

  it.each(['hex', 'base64'] as const)(
    'is not told by a manifest that lists guesses in %s',
    async (encoding) => {
      const listed = guesses.map((guess) => Buffer.from(guess).toString(encoding));
      const project = await anamProject((await emulate('anam')).url, {
        'llms/a.yaml': anamLlm('a', 'gpt-4o', `  metadata: { guesses: ${JSON.stringify(listed)} }\n`),
      });
      Object.assign(project.env, { OPENAI: pin });
      const { code, err } = await project.run('plan');
      expect({ code, err }).toEqual({ code: 0, err: '' });
    },
  );

  it('is not told by the part of a value that is masked', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, { 'llms/a.yaml': anamLlm('a') });
    await project.run('apply', '--auto-approve');
    anam.put('LLM', { id: String(anam.objects('LLM')[0]?.id), modelName: guesses.join(' ') });
    Object.assign(project.env, { OPENAI: pin });
    const { out } = await project.run('plan', '--format', 'json');
    expect(out).toContain(guesses.join(' '));
    anam.put('LLM', { id: String(anam.objects('LLM')[0]?.id), modelName: pin });
    expect((await project.run('plan')).out).not.toContain(pin);
  });
});

describe('what a vendor has', () => {
  it('makes no address, and another project is named where its object is taken over', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, { 'llms/a.yaml': anamLlm('a') });
    await project.run('apply', '--auto-approve');
    const [{ id } = {}] = anam.objects('LLM');
    anam.put('LLM', { id: 'other', displayName: 'x', metadata: { llmform: 'shop/anam/LLM/Ab12Cd34Ef56' } });
    const orphans = await project.run('plan');
    expect(orphans.out).not.toContain('Ab12Cd34Ef56');
    anam.put('LLM', { id: String(id), metadata: { llmform: 'payments/anam/LLM/a' } });
    await project.write({ 'llms/a.yaml': anamLlm('a').replace('name: a', `name: a, id: ${String(id)}`) });
    const { out, err } = await project.run('plan', '--adopt');
    expect(out + err).toContain('marked as payments/anam/LLM/a, by another project');
  });

  it('is not shown where it holds a secret, and a warning names the reference that is', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, {
      'llms/a.yaml': anamLlm('a'),
      'llms/b.yaml': anamLlm('b').replace('{ fromEnv: OPENAI }', '{ fromFile: notes.txt }'),
      'notes.txt': 'https://other.example/v1',
    });
    await project.run('apply', '--auto-approve');
    const [first] = anam.objects('LLM').filter(({ displayName }) => displayName === 'a');
    anam.put('LLM', { id: String(first?.id), urls: [{ url: 'https://other.example/v1/chat' }] });
    const { out, err } = await project.run('plan');
    expect(out).not.toContain('other.example');
    expect(err).toMatch(
      /warning\[secret\] llms\/a\.yaml:1 a part of anam\/LLM\/a is not shown[^]*It comes from the file notes\.txt/,
    );
  });

  it('hides no text that a manifest has as well, nor a word that was chosen for it', async () => {
    const anam = await emulate('anam');
    const endpoint = 'https://api.openai.com/v1/chat/completions';
    const project = await anamProject(anam.url, {
      'llms/a.yaml': anamLlm('a', 'delete-everything'),
      'llms/b.yaml': anamLlm('b').replace('{ fromEnv: OPENAI }', '{ fromFile: notes.txt }'),
      'notes.txt': 'delete',
    });
    await project.run('apply', '--auto-approve');
    await project.write({ 'llms/a.yaml': '# gone\n', 'llms/c.yaml': anamLlm('c') });
    const { out, err } = await project.run('plan', '--prune');
    expect(out).toContain('- delete LLM/a');
    expect(out).toContain(endpoint);
    expect(out + err).not.toContain('is not shown');
  });

  it('is no id where it spells out a secret', async () => {
    const meta = { total: 1, lastPage: 1, currentPage: 1, perPage: 100, prev: null, next: null };
    const one = {
      id: `x-${KEYS.OPENAI}`,
      displayName: 'a',
      llmFormat: 'openai',
      modelName: 'gpt-4o',
      urls: [],
    };
    const vendor = await serve((_, response) => void response.end(JSON.stringify({ data: [one], meta })));
    later(() => vendor.close());
    const project = await anamProject(vendor.url, { 'llms/a.yaml': anamLlm('a') });
    const { code, out, err } = await project.run('plan');
    expect(code).toBe(1);
    expect(err).toContain('the id of an object holds a secret of this project');
    expect(leaksIn(new Map([['said', out + err]]), Object.values(KEYS))).toEqual([]);
  });
});
