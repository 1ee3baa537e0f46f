import { resolve } from 'node:path';
import { defined } from '../model/defined.js';
import { DiagnosticError, error } from '../model/diagnostic.js';
import { checkShape, parseForeignJson } from '../model/foreign-json.js';
import { isObject } from '../model/json.js';
import type { Plan, PlanOptions } from '../model/plan.js';
import type { Project } from '../model/project.js';
import { readBytes } from '../platform/fs/files.js';
import type { ApplyFlags } from './flags.js';
import { validate } from './saved-plan.schema.generated.js';

/** The parts of a plan of `plan -o FILE` that `apply FILE` uses. */
export interface SavedPlan {
  /** The file as the user named it. */
  file: string;
  project: string;
  id: string;
  fingerprint: string;
}

/** The flags of an apply, those of the saved plan's making in place of its own. */
export async function resolveApplyFlags(
  file: string | undefined,
  given: ApplyFlags,
  cwd: string,
): Promise<{ flags: ApplyFlags; saved: SavedPlan | undefined }> {
  if (file === undefined) return { flags: given, saved: undefined };
  refuseOptions(file, given);
  const { options, ...saved } = await readSavedPlan(cwd, file);
  const { targets, prune, adopt, trustSecrets, rebind = [], at } = options;
  const planned = { target: targets, prune, adopt, trustSecrets, rebind, ...defined({ at }) };
  return { flags: { ...given, ...planned }, saved };
}

export function requireSameProject(saved: SavedPlan | undefined, project: Project): void {
  if (saved === undefined || saved.project === project.name) return;
  const summary = `${saved.file} is a plan for project "${saved.project}", and this project is "${project.name}"`;
  const detail = 'Name the project file that it was made with: --config FILE.';
  throw new DiagnosticError(error('file', summary, { detail, file: saved.file }));
}

/** They would be ignored, against the intent of the user. */
function refuseOptions(file: string, { target, prune, adopt, trustSecrets, rebind, at }: ApplyFlags): void {
  const said = {
    target: target.length > 0,
    prune,
    adopt,
    'trust-secrets': trustSecrets,
    rebind: rebind.length > 0,
    at: at !== undefined,
  };
  const flags = Object.entries(said).flatMap(([flag, present]) => (present ? [`--${flag}`] : []));
  if (flags.length === 0) return;
  throw new DiagnosticError(
    error('usage', `${flags.join(' and ')} cannot be given together with a saved plan`, {
      detail: `${file} brings the options that it was made with. To change them, run llmform plan again.`,
    }),
  );
}

async function readSavedPlan(cwd: string, file: string): Promise<SavedPlan & { options: PlanOptions }> {
  const bytes = await readBytes(resolve(cwd, file), { display: file });
  const parsed = parseForeignJson(bytes.toString('utf8'));
  if ('fault' in parsed) throw notAPlan(file, MAKE_ONE);
  if (isObject(parsed.value) && (parsed.value.formatVersion ?? '1') !== '1') {
    throw notAPlan(file, 'It was made by another version of llmform: make the plan again with this one.');
  }
  const plan = checkShape<SavedPlanHead>(parsed.value, validate);
  if ('fault' in plan) throw notAPlan(file, MAKE_ONE);
  const { project, planId, fingerprint, options } = plan.value;
  return { file, project, id: planId, fingerprint, options };
}

type SavedPlanHead = Pick<Plan, 'project' | 'fingerprint' | 'options'> & { planId: string };

const MAKE_ONE = 'Make one with: llmform plan -o FILE';

function notAPlan(file: string, detail: string): DiagnosticError {
  return new DiagnosticError(error('file', 'this is not a saved plan that can be applied', { detail, file }));
}
