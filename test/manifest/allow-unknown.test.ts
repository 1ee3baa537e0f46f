import { describe, expect, it } from 'vitest';
import { anam, findings } from '../support/manifests.js';

const allowing = (pointers: string, spec = '') => anam(`${spec}lifecycle: { allowUnknown: [${pointers}] }\n`);

describe('allowUnknown', () => {
  it('lets spec have a field that the schema does not know, and no other', () => {
    expect(findings(allowing('/serviceTier', '  serviceTier: fast\n'))).toEqual([]);
    expect(findings(allowing('/serviceTier', '  serviceTier: fast\n  serviceTeir: x\n'))).toMatchObject([
      { severity: 'error', code: 'unknown', path: '/spec/serviceTeir' },
    ]);
  });

  it('may lead to a member of a field that the schema knows', () => {
    const spec = anam('lifecycle: { allowUnknown: [/urls/0/weight] }\n').replace(
      /urls: .*/,
      'urls: [{ url: "https://api.openai.com/v1/chat/completions", weight: 2 }]',
    );
    expect(findings(spec)).toEqual([]);
    expect(findings(spec.replace('/urls/0/weight', '/urls/1/weight'))).toMatchObject([
      { path: '/spec/urls/0/weight', detail: expect.stringContaining('list "/urls/0/weight"') },
      { severity: 'warning', code: 'lifecycle', path: '/lifecycle/allowUnknown/0' },
    ]);
  });

  it.each([
    ['a field that the schema knows', '/modelName', '', /the schema knows it/],
    ['a field that the schema knows and spec leaves out', '/description', '', /the schema knows it/],
    ['nothing in spec', '/serviceTier', '', /names nothing in spec/],
    [
      'what looks like a secret',
      '/newSecret',
      '  newSecret: { fromEnv: KEY }\n',
      /looks like a reference, and is sent as it is written/,
    ],
  ])('warns of %s', (_, pointer, spec, words) => {
    const found = findings(allowing(pointer, spec)).filter(({ code }) => code === 'lifecycle');
    expect(found).toMatchObject([{ severity: 'warning', summary: expect.stringMatching(words) }]);
  });

  it.each([
    ['a text that is no pointer', 'serviceTier', /not a JSON Pointer/],
    ['a place inside a secret', '/secret/more', /usable reference to a secret/],
  ])('refuses %s', (_, pointer, words) => {
    const text = allowing(pointer).replace('fromEnv: OPENAI_API_KEY', 'fromEnv: OPENAI_API_KEY, more: x');
    expect(findings(text).map(({ summary }) => summary)).toContainEqual(expect.stringMatching(words));
  });

  it('refuses what llmform writes itself', () => {
    const text = `apiVersion: llmform/v1
kind: LLM
vendor: goodmem
metadata: { name: one, target: memory-a }
lifecycle: { allowUnknown: [/llmId, /mergeLabels] }
spec: { displayName: x, providerType: OPENAI, endpointUrl: "https://x", modelIdentifier: x, llmId: y, mergeLabels: {} }
`;
    expect(findings(text)).toMatchObject([
      { severity: 'error', summary: expect.stringContaining('that llmform writes itself') },
      { severity: 'error', summary: expect.stringContaining('that llmform writes itself') },
    ]);
  });
});
