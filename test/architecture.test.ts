import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../src', import.meta.url));
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(ts|js)$/.test(path) && !/\.d\.ts$/.test(path))
  .sort();
const sources = new Map(files.map((path) => [path, readFileSync(join(root, path), 'utf8')]));

/** What a folder of src may import, beside itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  model: [],
  manifest: ['model'],
  diff: ['model'],
  plan: ['model', 'diff'],
  report: ['model'],
  platform: ['model'],
  ledger: ['model', 'platform'],
  vendors: ['model'],
  prepare: ['model', 'diff', 'plan'],
  apply: ['model', 'diff', 'plan', 'prepare'],
  emulator: ['model'],
  usecases: ['model', 'manifest', 'plan', 'prepare', 'apply', 'report', 'platform', 'ledger', 'vendors'],
};

/**
 * What a folder inside of one may import there, beside itself: `manifest/schema` only `manifest/yaml` and
 * `manifest/document`. The files of the outer folder itself put all of it together.
 */
const MAY_IMPORT_WITHIN: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  manifest: {
    yaml: [],
    document: ['yaml'],
    schema: ['yaml', 'document'],
    project: ['yaml', 'document', 'schema'],
    statements: ['yaml', 'document', 'schema'],
  },
  report: {
    format: [],
    'text-diff': ['format'],
    diagnostics: ['format'],
    plan: ['format', 'text-diff', 'diagnostics'],
    apply: ['format', 'diagnostics'],
    history: ['format', 'plan'],
  },
  platform: {
    fs: [],
    server: [],
    secrets: ['fs'],
    process: ['fs', 'secrets'],
    http: ['fs', 'process'],
    git: ['fs', 'secrets', 'http'],
    github: ['fs', 'secrets', 'http'],
  },
  watch: {
    state: [],
    source: ['state'],
    schedule: ['state'],
    notify: ['state'],
    metrics: ['state'],
    reconcile: ['state', 'source', 'schedule'],
    web: ['state', 'metrics'],
  },
};

/** They compose everything, and alone print and set exit codes. */
const DOORS = ['cli', 'action', 'watch', 'library'];

/** Who may use what reaches out of the program. */
const EFFECTS: readonly { what: RegExp; where: RegExp }[] = [
  { what: /^(undici|execa|pino|chokidar)(\/|$)/, where: /^platform\// },
  { what: /^@(actions|octokit)\//, where: /^platform\// },
  { what: /^(node:)?(fs|fs\/promises|child_process|net|tls)$/, where: /^platform\// },
  { what: /^prom-client$/, where: /^watch\/metrics/ },
  // The emulators are servers of their own.
  { what: /^(node:)?https?$/, where: /^(platform|emulator)\// },
];
const ADDRESS_TYPE = /^import type \{ AddressInfo \} from 'node:net';$/m;

describe('the folders of src', () => {
  it('are all known here', () => {
    const known = [...Object.keys(MAY_IMPORT), ...DOORS];
    expect(folders().filter((folder) => !known.includes(folder))).toEqual([]);
  });

  it.each(Object.entries(MAY_IMPORT))('%s imports from nothing but %j', (folder, allowed) => {
    const wrong = edges()
      .filter(({ from }) => from.startsWith(`${folder}/`))
      .filter(({ to }) => ![folder, ...allowed].includes(top(to)));
    expect(wrong).toEqual([]);
  });

  it.each(Object.entries(MAY_IMPORT_WITHIN))('inside %s import one way', (folder, order) => {
    const inside = files.filter((path) => top(path) === folder).map(inner);
    expect([...new Set(inside)].filter((name) => name !== '' && !(name in order))).toEqual([]);
    const wrong = edges()
      .filter(({ from, to }) => top(from) === folder && top(to) === folder && inner(from) !== '')
      .filter(({ from, to }) => ![inner(from), ...(order[inner(from)] ?? [])].includes(inner(to)));
    expect(wrong).toEqual([]);
  });

  it('vendors do not know each other, and no package', () => {
    const wrong = edges().filter(
      ({ from, to }) =>
        ownFolder(from) !== undefined && top(to) === 'vendors' && ownFolder(from) !== ownFolder(to),
    );
    expect(wrong).toEqual([]);
    expect(packagesOf((path) => ownFolder(path) !== undefined)).toEqual([]);
  });

  it('nothing but the library entry and the generated list names a vendor folder', () => {
    const wrong = edges().filter(({ from, to }) => ownFolder(to) !== undefined && top(from) !== 'vendors');
    expect(wrong).toEqual([]);
  });

  it('nothing imports the command line', () => {
    expect(
      edges().filter(
        ({ from, to }) =>
          top(to) === 'cli' && top(from) !== 'cli' && top(from) !== 'action' && top(from) !== 'watch',
      ),
    ).toEqual([]);
  });

  it('import each other one way only, folders in folders included', () => {
    expect(bothWays()).toEqual([]);
  });

  it('have no cycles', () => {
    expect(cycles()).toEqual([]);
  });
});

describe('effects', () => {
  it.each(EFFECTS)('$what is used in $where only', ({ what, where }) => {
    const users = [...sources].filter(([path, text]) => {
      const used = importsIn(text.replace(ADDRESS_TYPE, '')).filter((name) => what.test(name));
      return used.length > 0 && !where.test(path);
    });
    expect(users.map(([path]) => path)).toEqual([]);
  });

  it('the environment is read in platform, and the command line in its entry', () => {
    const users = [...sources].filter(
      ([path, text]) => /process\.env/.test(text) && !path.startsWith('platform/'),
    );
    expect(users.map(([path]) => path)).toEqual([]);
  });

  it('nothing prints but the terminal it is given', () => {
    const users = [...sources].filter(
      ([path, text]) =>
        /console\.|process\.std(out|err)/.test(text) &&
        !/^(platform\/process\/terminal|cli\/cli)\.ts$/.test(path),
    );
    expect(users.map(([path]) => path)).toEqual([]);
  });
});

describe('a plan that may be shown', () => {
  it('is made where secrets are masked, and where no vendor was asked', () => {
    const makers = [...sources].filter(
      ([path, text]) => /\basShownPlan\(/.test(text) && path !== 'model/plan.ts',
    );
    expect(makers.map(([path]) => path)).toEqual([
      'action/fork-post.ts',
      'usecases/mask-plan.ts',
      'usecases/offline-plan.ts',
    ]);
    expect([...sources].filter(([, text]) => /\bas ShownPlan\b/.test(text)).map(([path]) => path)).toEqual([
      'model/plan.ts',
    ]);
  });
});

describe('files', () => {
  it('are short', () => {
    const long = [...sources].filter(
      ([path, text]) => !path.includes('.generated.') && text.split('\n').length > 251,
    );
    expect(long.map(([path]) => path)).toEqual([]);
  });

  it('are named in kebab-case, after what is in them', () => {
    const words = /(^|[-/.])(manager|helpers?|handlers?|utils?|misc|v2)([-/.]|$)/;
    expect(files.filter((path) => !/^[a-z0-9/.-]+$/.test(path) || words.test(path))).toEqual([]);
  });

  it('have named exports only', () => {
    const wrong = [...sources].filter(
      ([path, text]) => /^export default/m.test(text) && !path.includes('.generated.'),
    );
    expect(wrong.map(([path]) => path)).toEqual([]);
  });
});

interface Edge {
  from: string;
  to: string;
}

/** Every import of one file of src by another. */
function edges(): Edge[] {
  return [...sources].flatMap(([from, text]) =>
    importsIn(text)
      .filter((name) => name.startsWith('.'))
      .map((name) => normalize(join(dirname(from), name)))
      .map((to) => (sources.has(to) ? to : to.replace(/\.js$/, '.ts')))
      .filter((to) => sources.has(to))
      .map((to) => ({ from, to })),
  );
}

/** The modules that a text imports, types included, at once or later. */
function importsIn(text: string): string[] {
  const named = [...text.matchAll(/^(?:import|export)\b[^'"`;]*?\bfrom\s+['"]([^'"]+)['"]/gm)];
  const bare = [...text.matchAll(/^import\s+['"]([^'"]+)['"]/gm)];
  const later = [...text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)];
  return [...named, ...bare, ...later].map(([, name = '']) => name);
}

function packagesOf(chosen: (path: string) => boolean): string[] {
  return [...sources].flatMap(([path, text]) =>
    chosen(path) ? importsIn(text).filter((name) => !name.startsWith('.')) : [],
  );
}

/** Pairs of folders that import each other. An index is the face of its folder, and may name what lies below it. */
function bothWays(): string[] {
  const pairs = new Set(
    edges()
      .filter((edge) => dirname(edge.from) !== dirname(edge.to) && !isFace(edge))
      .map(pairOf),
  );
  return [...pairs].filter((pair) => {
    const [from = '', to = ''] = pair.split(' <-> ');
    return from < to && pairs.has(`${to} <-> ${from}`);
  });
}

function pairOf({ from, to }: Edge): string {
  return `${dirname(from)} <-> ${dirname(to)}`;
}

function isFace({ from, to }: Edge): boolean {
  return /(^|\/)index(\.generated)?\.ts$/.test(from) && dirname(to).startsWith(`${dirname(from)}/`);
}

function top(path: string): string {
  return path.split('/')[0] ?? '';
}

/** The folder inside of its top one that a file lies in, such as `yaml`; empty for a file of the top one itself. */
function inner(path: string): string {
  const [, folder = '', file] = path.split('/');
  return file === undefined ? '' : folder;
}

function folders(): string[] {
  return [...new Set(files.filter((path) => path.includes('/')).map(top))];
}

/** The vendor whose folder a file lies in. */
function ownFolder(path: string): string | undefined {
  const [folder, vendor, file] = path.split('/');
  return folder === 'vendors' && file !== undefined ? vendor : undefined;
}

/**
 * Files that import each other in a circle. Types count, and what is loaded only when it is needed: a circle of them is as
 * hard to read.
 */
function cycles(): string[][] {
  const imports = new Map<string, string[]>();
  for (const { from, to } of edges()) imports.set(from, [...(imports.get(from) ?? []), to]);
  const done = new Set<string>();
  const found: string[][] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) {
      found.push([...trail.slice(start), path]);
      return;
    }
    if (done.has(path)) return;
    for (const next of imports.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of files) visit(path, []);
  return found;
}
