import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/emulator/index.js';
import { rawServer } from '../support/http-client.js';
import { anamLlms, anamProject, emulate } from '../support/project.js';
import { refusal } from '../support/refusal.js';
import { selfSigned } from '../support/self-signed.js';

const CREDENTIAL = 'the environment variable ANAM_KEY';

describe('a target that cannot be used', () => {
  it.each<[string, Fault['effect'], string, string[]]>([
    [
      'a sign-in page with status 200',
      { type: 'html' },
      'vendor',
      ['HTML page instead of JSON', 'login page'],
    ],
    [
      'a redirect to a sign-in page',
      { type: 'status', status: 302, headers: { location: 'https://login.example.com/?token=abc' } },
      'vendor',
      ['a redirect to login.example.com', 'check baseUrl'],
    ],
    ['401', { type: 'status', status: 401 }, 'credential', [CREDENTIAL]],
    ['403', { type: 'status', status: 403 }, 'credential', [CREDENTIAL]],
    ['404', { type: 'status', status: 404 }, 'vendor', ['not found']],
    ['half an answer', { type: 'truncate' }, 'vendor', ['broken or cut off']],
    ['a page too few', { type: 'wrong-total' }, 'vendor', ['target anam cannot be read']],
  ])('answers with %s', async (_what, effect, code, words) => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('support'));
    anam.faults.push({ effect });
    const { err, findings } = await refusal(project, [anam]);
    expect(err).toContain(`error[${code}] target anam cannot be read: `);
    for (const word of words) expect(err).toContain(word);
    expect(err).not.toContain('token=abc');
    expect(err).toMatch(/\n1 error\n$/);
    expect(findings).toEqual([expect.objectContaining({ severity: 'error', code })]);
  });

  it('refuses the credential: the target and its variable are named, the credential is not', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('support'));
    const { err } = await refusal(project, [anam], { ANAM_KEY: 'wrong-credential-9' });
    expect(err).toContain('error[credential] target anam cannot be read: ');
    expect(err).toContain(CREDENTIAL);
    expect(err).not.toContain('wrong-credential-9');
  });

  it.each([
    ['not set', undefined, 'the environment variable ANAM_KEY is not set'],
    ['empty', '', 'the environment variable ANAM_KEY is empty'],
    ['not fit for a header', 'two\nlines', 'cannot be sent in an HTTP header'],
  ])('has a credential that is %s', async (_what, value, words) => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('support'));
    if (value === undefined) delete project.env.ANAM_KEY;
    const { err } = await refusal(project, [anam], value === undefined ? {} : { ANAM_KEY: value });
    expect(err).toContain('error[credential] target anam has no credential: ');
    expect(err).toContain(words);
    expect(err).toContain('an API key made in the Anam Lab');
    expect(anam.requests).toEqual([]);
  });

  it('is not there', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('support'));
    await anam.close();
    const { err } = await refusal(project, [anam]);
    expect(err).toContain(`${new URL(anam.url).host} refused the connection`);
    expect(err).toContain('check baseUrl');
  });

  it('has a certificate of an unknown authority, until caFile names it', async () => {
    const anam = await emulate('anam', { tls: selfSigned });
    const files = anamLlms('support');
    const project = await anamProject(anam.url, files);
    const { err } = await refusal(project, [anam]);
    expect(err).toContain('is not signed by an authority that is trusted here');
    expect(err).toContain('caFile');
    const trusting = await anamProject(anam.url, files, '    caFile: ca.pem\n');
    expect((await trusting.run('plan')).err).toContain('ca.pem cannot be read');
    await trusting.write({ 'ca.pem': selfSigned.cert });
    expect((await trusting.run('plan')).code).toBe(0);
  });

  const invalid = 'the status line is not valid';
  it.each([
    ['HTTP/1.1 000 OK', 'such as a status below 100'],
    ['HTTP/1.1 099 OK', 'such as a status below 100'],
    ['HTTP/1.1 abc', invalid],
    ['HTTP/1.1 2000 OK', invalid],
    ['HTTP/1.1', invalid],
  ])('answers with a status line that is none: %s', async (line, words) => {
    const port = await rawServer((socket) =>
      socket.once('data', () => socket.end(`${line}\r\ncontent-length: 2\r\n\r\n{}`)),
    );
    const project = await anamProject(`http://127.0.0.1:${port}`, anamLlms('support'));
    const { err } = await refusal(project, []);
    const what = `127.0.0.1:${port} answered with broken HTTP (${words})`;
    expect(err).toContain(
      `error[vendor] target anam cannot be read: ${what}: a proxy may be in between (GET `,
    );
  });

  it('does not speak TLS', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url.replace('http:', 'https:'), anamLlms('support'));
    const { err } = await refusal(project, [anam]);
    expect(err).toContain('does not speak TLS; baseUrl may have to begin with http://');
  });
});
