import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { code, plain, table } from './table.mjs';

/** Inputs and outputs of the GitHub Action, from action.yml; undefined without it. */
export async function actionPage(folder) {
  const text = await readFile(join(folder, 'action.yml'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { inputs, outputs } = parse(text);
  const inputRows = Object.entries(inputs).map(([name, input]) => [
    code(name),
    input.required ? 'required' : input.default ? code(input.default) : '',
    plain(input.description),
  ]);
  const outputRows = Object.entries(outputs).map(([name, output]) => [code(name), plain(output.description)]);
  return `# Inputs and outputs of the Action

Made from [\`action.yml\`](../../action.yml). [CI and the Action](../github-action.md) explains how to use them.

## Inputs

${table(['input', 'default', 'description'], inputRows)}

## Outputs

${table(['output', 'description'], outputRows)}`;
}
