import type { Emulator } from '../../src/emulator/index.js';
import { isObject, type JsonObject } from '../../src/model/json.js';
import { CASTS, type Cast } from '../support/cast.js';
import type { CrashProject } from './project.js';

/** A story with an apply in it that gets killed. */
export interface Scenario {
  name: string;
  casts: readonly Cast[];
  options?: Record<string, Record<string, unknown>>;
  /** Applied in peace. */
  before: readonly JsonObject[];
  /** What others do then. */
  meanwhile(project: CrashProject): void;
  /** The secret has another value from here on. */
  rotates: boolean;
  /** Applied again and again until nobody kills it. */
  after: readonly JsonObject[];
  flags: readonly string[];
}

const NEW_SECRET = 'sk-HUSH/second+=&2';

/** Brings a project to where the apply begins that is to be killed. Throws when even that does not work. */
export async function setTheScene(scenario: Scenario, project: CrashProject): Promise<void> {
  if (scenario.before.length > 0) {
    project.declare(scenario.before);
    const { code, err } = await project.runHere(['apply', '-y']);
    if (code !== 0) throw new Error(`the scene of ${scenario.name} cannot be set: ${err}`);
  }
  scenario.meanwhile(project);
  if (scenario.rotates) project.env.SECRET = NEW_SECRET;
  project.declare(scenario.after);
}

/** Every scenario: seven for each vendor, less what it cannot do, and one over all vendors at once. */
export function allScenarios(): Scenario[] {
  const casts = Object.values(CASTS);
  return [
    ...casts.flatMap((cast) => [
      create(cast),
      update(cast),
      rotate(cast),
      ...replace(cast),
      prune(cast),
      adopt(cast),
      mix([cast], cast.vendor),
    ]),
    changeSecrets(CASTS.liveavatar),
    dropping(CASTS.anam),
    mix(casts, 'all vendors'),
  ];
}

function scenario(name: string, casts: readonly Cast[], parts: Partial<Scenario>): Scenario {
  const bystanders = (project: CrashProject) => {
    for (const cast of casts) putBystanders(cast, emulatorOf(cast, project));
  };
  return { name, casts, before: [], meanwhile: bystanders, rotates: false, after: [], flags: [], ...parts };
}

export function create(cast: Cast): Scenario {
  const after = [...cast.common, ...range(5).map((i) => cast.llm(i))];
  // Namesakes would have to be adopted, so there are none.
  const meanwhile = (project: CrashProject) =>
    void emulatorOf(cast, project).put(cast.kind, cast.foreign(90));
  return scenario(`${cast.vendor}: create`, [cast], { after, meanwhile });
}

export function update(cast: Cast): Scenario {
  return scenario(`${cast.vendor}: update`, [cast], {
    before: [...cast.common, ...range(5).map((i) => cast.llm(i))],
    after: [...cast.common, ...range(5).map((i) => cast.llm(i, cast.updated))],
  });
}

export function rotate(cast: Cast): Scenario {
  const documents = [...cast.common, ...range(4).map((i) => cast.llm(i))];
  return scenario(`${cast.vendor}: rotate`, [cast], { before: documents, after: documents, rotates: true });
}

/**
 * Where the old object has to go first, a kill right after it went takes other people's keys with it: the ledger holds no
 * values, so nobody is left who knows them.
 */
export function replace(cast: Cast): Scenario[] {
  if (cast.replaced === undefined) return [];
  const before = range(3).map((i) => cast.llm(i));
  const after = range(3).map((i) => cast.llm(i, cast.replaced));
  return [scenario(`${cast.vendor}: replace`, [cast], { before, after })];
}

export function prune(cast: Cast): Scenario {
  return scenario(`${cast.vendor}: prune`, [cast], {
    before: [...cast.common, ...range(6).map((i) => cast.llm(i))],
    after: [...cast.common, ...range(2).map((i) => cast.llm(i))],
  });
}

export function adopt(cast: Cast): Scenario {
  return scenario(`${cast.vendor}: adopt`, [cast], {
    after: [...cast.common, ...range(4).map((i) => cast.llm(i))],
    meanwhile(project) {
      const emulator = emulatorOf(cast, project);
      for (const i of range(4)) emulator.put(cast.kind, cast.foreign(i));
      emulator.put(cast.kind, cast.foreign(90));
    },
    flags: ['--adopt'],
  });
}

/** One object of each fate. */
export function mix(casts: readonly Cast[], name: string): Scenario {
  return scenario(`${name}: mix`, casts, {
    before: casts.flatMap((cast) => [...cast.common, ...range(5).map((i) => cast.llm(i))]),
    after: casts.flatMap((cast) => [
      ...cast.common,
      cast.llm(0),
      cast.llm(1, cast.updated),
      cast.llm(2, cast.replaced ?? cast.updated),
      cast.llm(5),
      cast.llm(6),
      cast.llm(7),
    ]),
    rotates: true,
    meanwhile(project) {
      for (const cast of casts) {
        const emulator = emulatorOf(cast, project);
        putBystanders(cast, emulator);
        emulator.put(cast.kind, cast.foreign(7));
      }
    },
    flags: ['--adopt'],
  });
}

/** What a secret shows changes, and not its value: new versions all the same. */
export function changeSecrets(cast: Cast): Scenario {
  const llms = range(4).map((i) => cast.llm(i));
  const changed = cast.common.map((document) => ({
    ...document,
    spec: { ...(isObject(document.spec) ? document.spec : {}), secret_type: 'LLM_API_KEY' },
  }));
  return scenario(`${cast.vendor}: change secrets`, [cast], {
    before: [...cast.common, ...llms],
    after: [...changed, ...llms],
  });
}

/** A vendor that accepts a field and does not keep it. Another field of the same write shows that it was carried out. */
export function dropping(cast: Cast): Scenario {
  return scenario(`${cast.vendor}: not kept`, [cast], {
    options: { [cast.vendor]: { unlisted: 'drop' } },
    before: range(3).map((i) => cast.llm(i)),
    after: range(4).map((i) => cast.llm(i, { ...cast.updated, temperature: 0.5 })),
  });
}

/** Somebody else's objects: a stranger, and a namesake of one of ours; and somebody's keys on one of ours. */
function putBystanders(cast: Cast, emulator: Emulator): void {
  const ours = emulator.objects(cast.kind)[0];
  const map = cast.map === undefined ? undefined : ours?.[cast.map];
  if (ours !== undefined && cast.map !== undefined && isObject(map)) {
    emulator.put(cast.kind, { ...ours, [cast.map]: { ...map, theirs: 'kept' } });
  }
  emulator.put(cast.kind, cast.foreign(90));
  if (cast.vendor !== 'flashback') emulator.put(cast.kind, cast.foreign(0));
  if (cast.secret.kind !== cast.kind) {
    emulator.put('Secret', { secret_name: 'openai', secret_type: 'OPENAI_API_KEY', secret_value: 'theirs' });
  }
}

export function emulatorOf(cast: Cast, project: CrashProject): Emulator {
  const emulator = project.emulators[cast.vendor];
  if (emulator === undefined) throw new Error(`${cast.vendor} is not emulated`);
  return emulator;
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}
