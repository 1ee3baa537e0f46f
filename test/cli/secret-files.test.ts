import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Emulator } from '../../src/emulator/index.js';
import { anamLlm, anamProject, emulate, folder, KEYS, type Project } from '../support/project.js';
import { selfSigned } from '../support/self-signed.js';

const NAME = 'openai-api.key';

/** A project whose secret is a file of Docker or Kubernetes: outside of it, under a name with `-` and `.`. */
async function mounted(): Promise<{ anam: Emulator; project: Project; secrets: string }> {
  const anam = await emulate('anam');
  const secrets = await folder({ [NAME]: 'sk-mounted-secret-1\n' });
  const manifest = anamLlm('support').replace('{ fromEnv: OPENAI }', `{ fromFile: ${secrets}/${NAME} }`);
  return { anam, secrets, project: await anamProject(anam.url, { 'llms/support.yaml': manifest }) };
}

const sentTo = (anam: Emulator) => anam.requests.find(({ method }) => method === 'POST')?.body;

describe('a secret file outside the project', () => {
  it('is refused with its place and the ways to allow it', async () => {
    const { project, secrets } = await mounted();
    for (const args of [['validate'], ['plan'], ['apply', '--auto-approve']]) {
      const { code, out, err } = await project.run(...args);
      expect(code).toBe(1);
      expect(out + err).toContain('error[secret] llms/support.yaml:10:');
      expect(out + err).toContain(`"${secrets}/${NAME}" is outside the project`);
      expect(out + err).toContain(`--allow-file ${secrets}/${NAME}`);
      expect(out + err).toContain('CREDENTIALS_DIRECTORY=/run/secrets');
    }
  });

  it.each([
    ['its folder by flag', (path: string) => ({ flags: ['--allow-file', path], env: {} })],
    ['the file by flag', (path: string) => ({ flags: ['--allow-file', `${path}/${NAME}`], env: {} })],
    [
      'its folder by variable',
      (path: string) => ({ flags: [], env: { LLMFORM_ALLOWED_FILES: `/a ${path}` } }),
    ],
  ])('is read where the operator allows %s', async (_what, allowing) => {
    const { anam, project, secrets } = await mounted();
    const { flags, env } = allowing(secrets);
    expect(await project.runWith(env, 'validate', ...flags)).toMatchObject({ code: 0 });
    expect(
      await project.runWith({ ...env, CI: 'true', LLMFORM_ALLOWED_ENV: 'ANAM_*' }, 'plan', ...flags),
    ).toMatchObject({ code: 0 });
    const { code, out, err } = await project.runWith(env, 'apply', '--auto-approve', ...flags);
    expect({ code, err }).toEqual({ code: 0, err: expect.not.stringContaining('warning') });
    expect(sentTo(anam)).toMatchObject({ secret: 'sk-mounted-secret-1' });
    expect(out + err).not.toContain('sk-mounted');
  });

  it('is followed through links: an allowed folder may be one, and none leads out of what is allowed', async () => {
    const { anam, project, secrets } = await mounted();
    const links = await folder();
    await symlink(secrets, join(links, 'run'));
    await symlink(join(secrets, NAME), join(project.path, 'link.key'));
    await project.write({
      'llms/support.yaml': anamLlm('support').replace('{ fromEnv: OPENAI }', '{ fromFile: link.key }'),
    });
    const refused = await project.run('apply', '--auto-approve', '--allow-file', links);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('the secret file link.key is outside the project');
    expect(refused.err).toContain('--allow-file');
    const allowed = await project.run('apply', '--auto-approve', '--allow-file', join(links, 'run'));
    expect(allowed).toMatchObject({ code: 0 });
    expect(sentTo(anam)).toMatchObject({ secret: 'sk-mounted-secret-1' });
  });

  it('may hold the credential of a target, also of a watch', async () => {
    const { project, secrets } = await mounted();
    await project.write({ 'llms/support.yaml': anamLlm('support') });
    const text = await project.read('llmform.yaml');
    const file = join(await folder({ 'anam.key': KEYS.ANAM_KEY }), 'anam.key');
    await project.write({ 'llmform.yaml': text.replace('{ fromEnv: ANAM_KEY }', `{ fromFile: ${file} }`) });
    expect((await project.run('plan', '--allow-file', secrets)).err).toContain('the credential file');
    expect(await project.run('plan', '--allow-file', file)).toMatchObject({ code: 0 });
    const flags = ['--once', '--listen', 'off', '--mode', 'apply'];
    expect(await project.run('watch', ...flags, '--allow-file', file)).toMatchObject({ code: 0 });
  });

  it("is not git's own, whatever is allowed", async () => {
    const { project } = await mounted();
    await mkdir(join(project.path, '.git'));
    await project.write({
      '.git/config': 'token',
      'llms/support.yaml': anamLlm('support').replace('{ fromEnv: OPENAI }', '{ fromFile: .git/config }'),
    });
    const { code, err } = await project.run('plan', '--allow-file', '/');
    expect(code).toBe(1);
    expect(err).toContain("git's own");
  });

  it('is taken for a real secret: a manifest that spells it out is shown nowhere', async () => {
    const { project, secrets } = await mounted();
    const text = await project.read('llms/support.yaml');
    await project.write({ 'llms/support.yaml': `${text}  description: sk-mounted-secret-1\n` });
    const { code, out, err } = await project.run('plan', '--allow-file', secrets);
    expect(code).toBe(1);
    expect(err).toContain('spells out the secret that comes from the file');
    expect(out + err).not.toContain('sk-mounted-secret-1');
  });

  it('needs an absolute path in the variable', async () => {
    const { project } = await mounted();
    const { code, err } = await project.runWith({ LLMFORM_ALLOWED_FILES: 'secrets' }, 'plan');
    expect(code).toBe(1);
    expect(err).toContain('LLMFORM_ALLOWED_FILES names "secrets", which is no absolute path');
  });
});

describe('a caFile outside the project', () => {
  it('is read at a desk, and in CI where it is allowed, also behind a link', async () => {
    const anam = await emulate('anam', { tls: selfSigned });
    const certs = await folder({ 'ca.pem': selfSigned.cert });
    const manifest = { 'llms/support.yaml': anamLlm('support') };
    const project = await anamProject(anam.url, manifest, `    caFile: ${certs}/ca.pem\n`);
    expect(await project.run('plan')).toMatchObject({ code: 0 });
    const inCi = await project.runWith({ CI: 'true' }, 'plan');
    expect(inCi.code).toBe(1);
    expect(inCi.err).toContain(
      `error[guard] llmform.yaml target anam: the caFile ${certs}/ca.pem is outside the project`,
    );
    expect(inCi.err).toContain(`Allow it with --allow-file ${certs}/ca.pem.`);
    expect(await project.runWith({ CI: 'true' }, 'plan', '--allow-file', certs)).toMatchObject({ code: 0 });

    await symlink(`${certs}/ca.pem`, join(project.path, 'link.pem'));
    const text = await project.read('llmform.yaml');
    await project.write({ 'llmform.yaml': text.replace(`${certs}/ca.pem`, 'link.pem') });
    expect((await project.runWith({ CI: 'true' }, 'plan')).err).toContain('is outside the project');
    expect(await project.runWith({ CI: 'true' }, 'plan', '--allow-file', certs)).toMatchObject({ code: 0 });
    await project.write({
      'own.pem': selfSigned.cert,
      'llmform.yaml': text.replace(`${certs}/ca.pem`, 'own.pem'),
    });
    expect(await project.runWith({ CI: 'true' }, 'plan')).toMatchObject({ code: 0 });
  });
});

describe('the text of a secret', () => {
  it.each([
    ['a variable', '{ fromEnv: OPENAI }'],
    ['a file', '{ fromFile: key }'],
    ['a command', '{ fromCommand: [cat, key] }'],
  ])('of %s loses the line end that it was pasted with', async (_what, reference) => {
    for (const end of ['\n', '\r\n']) {
      const anam = await emulate('anam');
      const manifest = anamLlm('support').replace('{ fromEnv: OPENAI }', reference);
      const text = `sk-pasted-secret-1${end}`;
      const project = await anamProject(anam.url, { 'llms/support.yaml': manifest, key: text });
      const env = { OPENAI: text, ANAM_KEY: `${KEYS.ANAM_KEY}${end}` };
      const { code, err } = await project.runWith(env, 'apply', '--auto-approve', '--quiet');
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(sentTo(anam)).toMatchObject({ secret: 'sk-pasted-secret-1' });
    }
  });

  it.each([
    ['sk-odd-secret-12\n\n', 'ends with white space'],
    ['sk-odd-secret-12 ', 'ends with white space'],
    [' sk-odd-secret-12', 'begins with white space'],
    ['sk-odd\u0007-secret-12', 'holds a control character'],
    ['sk-odd\nsecret-12', 'holds a control character, such as a line break'],
  ])('is sent as it is, with a warning: %j', async (OPENAI, words) => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, { 'llms/support.yaml': anamLlm('support') });
    const plan = await project.runWith({ OPENAI }, 'plan');
    expect(plan.code).toBe(0);
    expect(plan.err).toContain(`the environment variable OPENAI gives a secret that ${words}`);
    expect(plan.err).toContain('warning[secret] llms/support.yaml:1');
    expect(plan.out + plan.err).not.toMatch(/sk-odd|secret-12/);
    expect((await project.runWith({ OPENAI }, 'apply', '--auto-approve')).code).toBe(0);
    expect(sentTo(anam)).toMatchObject({ secret: OPENAI.replace(/\n$/, '') });
  });

  it.each([
    '-----BEGIN KEY-----\nc2VjcmV0LWxpbmU\n-----END KEY-----',
    '{\n\t"private_key": "sk-1234567890"\n}',
  ])('may have lines where it is a document: %j', async (OPENAI) => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, { 'llms/support.yaml': anamLlm('support') });
    expect(await project.runWith({ OPENAI }, 'plan')).toMatchObject({ code: 0, err: '' });
  });

  it('is looked at for the credential of a target too', async () => {
    const anam = await emulate('anam', { credential: 'anam-odd-key ' });
    const project = await anamProject(anam.url, { 'llms/support.yaml': anamLlm('support') });
    const { err } = await project.runWith({ ANAM_KEY: 'anam-odd-key ' }, 'plan');
    expect(err).toContain('the environment variable ANAM_KEY gives a secret that ends with white space');
    expect(err).not.toContain('anam-odd-key');
  });

  it('is empty where a variable holds a line end alone', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, { 'llms/support.yaml': anamLlm('support') });
    expect((await project.runWith({ ANAM_KEY: '\n' }, 'plan')).err).toContain('ANAM_KEY is empty');
  });
});
