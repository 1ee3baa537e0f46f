import { resolve } from 'node:path';
import { readBytes } from '../io/files.js';
import { DiagnosticError } from '../model/diagnostic.js';
import { isObject, type Json } from '../model/json.js';
import type { PlanOptions } from '../model/plan.js';

export interface SavedPlan {
  fingerprint: string;
  options: PlanOptions;
}

/** What `apply FILE` takes from a plan that `plan -o FILE` saved. */
export async function readSavedPlan(cwd: string, file: string): Promise<SavedPlan> {
  const bytes = await readBytes(resolve(cwd, file), { display: file });
  const plan = parse(bytes.toString('utf8'));
  if (!isObject(plan) || !isObject(plan.options) || typeof plan.fingerprint !== 'string')
    throw notAPlan(file);
  if (plan.formatVersion !== '1') {
    throw notAPlan(file, 'It was made by another version of llmform: make the plan again with this one.');
  }
  const { targets, prune, adopt, trustSecrets } = plan.options;
  return {
    fingerprint: plan.fingerprint,
    options: {
      targets: Array.isArray(targets) ? targets.filter((name) => typeof name === 'string') : [],
      prune: prune === true,
      adopt: adopt === true,
      trustSecrets: trustSecrets === true,
    },
  };
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}

function notAPlan(file: string, detail = 'Make one with: llmform plan -o FILE'): DiagnosticError {
  return new DiagnosticError({
    severity: 'error',
    code: 'file',
    summary: `${file} is not a saved plan that can be applied`,
    detail,
    file,
  });
}
