import type { Emulator } from '../../src/emulator/index.js';
import { isObject, type JsonObject } from '../../src/model/json.js';
import { CASTS, type Cast } from '../support/cast.js';
import type { LedgerType, World } from './world.js';
import { openWorld } from './world.js';

/** The two targets of the project, by what they are to the walk; their names may change. */
export type Side = 'main' | 'side';

/** An object that the project may have. Its natural name never changes; everything else may. */
export interface Wanted {
  thing: number;
  /** `metadata.name`. */
  name: string;
  /** Which of the specs of `VERSIONS`. */
  version: number;
  /** `metadata.id`. */
  id?: string;
}

/** The files at some time, as a commit has them, with the ledger beside them. */
export interface Version {
  wanted: ReadonlyMap<number, Wanted>;
  ledger?: string;
  serial?: number;
}

/** An object that we hold, as of the last apply that said so. */
export interface Bound {
  id: string;
  version: number;
  /** The number of the secret that it was sent with. */
  secret: number;
}

/** The model beside the real thing: what the people of this story know, and whose each object is. */
export interface Walk {
  world: World;
  cast: Cast;
  /** Whether an object itself says whose it is. */
  marked: boolean;
  project: { name: string; targets: Record<Side, { name: string; account: Emulator } | undefined> };
  /** Every account that any target ever led to. */
  accounts: Emulator[];
  /** By thing. */
  wanted: Map<number, Wanted>;
  /** Earlier states of the files. */
  history: Version[];
  /** States that were committed, for `--at`, with the names that the targets had then. */
  commits: { commit: string; wanted: ReadonlyMap<number, Wanted>; names: string }[];
  /** Documents of kind Ledger. */
  statements: JsonObject[];
  secret: number;
  /** Keys of the objects that were made for this project or taken over by it. All others belong to others. */
  ours: Set<string>;
  bound: Map<string, Bound>;
  /** Keys of objects of others that the next apply may change, as a statement says. */
  takes: Set<string>;
  /** Ids of objects of ours that were edited in the console since the last apply. */
  edited: Set<string>;
  /** Something broke off or was lost: until the next clean apply, more than one plan can be right. */
  loose: boolean;
  /** What happened so far. */
  story: string[];
}

/** The things of the main target; the last thing lies at the other one, and always has a manifest. */
export const THINGS = [0, 1, 2, 3, 4];
export const SIDE_THING = 5;

export async function openWalk(vendor: keyof typeof CASTS, ledgerType: LedgerType): Promise<Walk> {
  const world = await openWorld(vendor, ledgerType);
  const cast = CASTS[vendor];
  world.env.KEY_MAIN = 'credential-of-main';
  world.env.KEY_SIDE = 'credential-of-side';
  const main = await world.openAccount(world.env.KEY_MAIN);
  const side = await world.openAccount(world.env.KEY_SIDE);
  const walk: Walk = {
    world,
    cast,
    marked: cast.map !== undefined,
    project: {
      name: 'walk',
      targets: { main: { name: 'main', account: main }, side: { name: 'side', account: side } },
    },
    accounts: [main, side],
    wanted: new Map([0, SIDE_THING].map((thing) => [thing, wantedOf(thing)])),
    history: [],
    commits: [],
    statements: [],
    secret: 0,
    ours: new Set(),
    bound: new Map(),
    takes: new Set(),
    edited: new Set(),
    loose: false,
    story: [],
  };
  rotate(walk);
  writeFiles(walk);
  return walk;
}

export function wantedOf(thing: number): Wanted {
  return { thing, name: `llm-${thing}`, version: 0 };
}

export function rotate(walk: Walk): void {
  walk.secret += 1;
  walk.world.env.SECRET = `sk-HUSH/${walk.secret}+=&`;
}

/** The fields that tell one version of a manifest from another. */
export function versionsOf({ updated, replaced }: Cast): JsonObject[] {
  return [{}, updated, ...(replaced === undefined ? [] : [replaced])];
}

export function sideOf(thing: number): Side {
  return thing === SIDE_THING ? 'side' : 'main';
}

/** The account of a thing; undefined where its target was taken out of the project. */
export function accountOf({ project }: Walk, thing: number): Emulator | undefined {
  return project.targets[sideOf(thing)]?.account;
}

export function addressOf(walk: Walk, { thing, name }: Pick<Wanted, 'thing' | 'name'>): string {
  return `${walk.project.targets[sideOf(thing)]?.name}/${walk.cast.kind}/${name}`;
}

/** Every address that has a manifest, with what it wants; nothing for the manifests that others need. */
export function addressesOf(walk: Walk): Map<string, Wanted | undefined> {
  const all = new Map<string, Wanted | undefined>();
  for (const target of Object.values(walk.project.targets)) {
    if (target === undefined) continue;
    for (const document of walk.cast.common) {
      const { name } = document.metadata as { name: string };
      all.set(`${target.name}/${String(document.kind)}/${name}`, undefined);
    }
  }
  for (const wanted of walk.wanted.values()) {
    if (accountOf(walk, wanted.thing) !== undefined) all.set(addressOf(walk, wanted), wanted);
  }
  return all;
}

/** Writes the project file and all manifests as the model has them. */
export function writeFiles(
  walk: Walk,
  folder = '',
  project = walk.project.name,
  ledger: JsonObject = { ...walk.world.place },
): void {
  const { world, cast } = walk;
  const targets = Object.entries(walk.project.targets).flatMap(([side, target]) =>
    target === undefined
      ? []
      : [
          [
            target.name,
            {
              vendor: world.vendor,
              baseUrl: target.account.url,
              auth: { fromEnv: side === 'main' ? 'KEY_MAIN' : 'KEY_SIDE' },
              requestsPerSecond: 10_000,
            },
          ],
        ],
  );
  const file = { apiVersion: 'llmform/v1', kind: 'Project', name: project, ledger };
  world.write(`${folder}llmform.yaml`, JSON.stringify({ ...file, targets: Object.fromEntries(targets) }));
  const common = targets.flatMap(([name]) =>
    cast.common.map((document) => withMetadata(document, { target: String(name) })),
  );
  const things = [...walk.wanted.values()].flatMap(({ thing, name, version, id }) => {
    const target = walk.project.targets[sideOf(thing)]?.name;
    if (target === undefined) return [];
    const document = cast.llm(thing, versionsOf(cast)[version]);
    return [withMetadata(document, { name, target, ...(id !== undefined && { id }) })];
  });
  const documents = [...common, ...things, ...walk.statements];
  const text = documents.map((document) => `---\n${JSON.stringify(document)}\n`).join('');
  world.write(`${folder}manifests/all.yaml`, text);
}

function withMetadata(document: JsonObject, more: JsonObject): JsonObject {
  const metadata = isObject(document.metadata) ? document.metadata : {};
  return { ...document, metadata: { ...metadata, ...more } };
}
