import type { Change, ShownPlan } from '../../model/plan.js';
import { secretSourceName } from '../../model/secret-source.js';
import { printable } from '../../model/text.js';
import type { Hint } from '../format/hint.js';

/** Tells if an object that exists is left alone only because it was not said that it should be adopted. */
export function isNotAdopted({ blocked }: Change): boolean {
  return blocked?.reason === 'not-adopted' || blocked?.reason === 'foreign';
}

/** `2 to adopt (1 changes live fields, 2 send a secret)`; empty where nothing is adopted. */
export function adoptionCount({ changes, summary }: ShownPlan): string[] {
  const left = changes.filter(isNotAdopted).length;
  const going = changes.filter(({ action, blocked }) => action === 'adopt' && blocked === undefined);
  const effects = [
    counted(going.filter(changesLiveFields).length, 'changes live fields', 'change live fields'),
    counted(going.filter(sendsSecret).length, 'sends a secret', 'send a secret'),
  ].flat();
  const what = effects.length === 0 ? '' : ` (${effects.join(', ')})`;
  return summary.adopt > left ? [`${summary.adopt - left} to adopt${what}`] : [];
}

/** `3 not adopted`: they exist, and are no work of an apply before it is said that they should be. */
export function notAdoptedCount({ changes }: ShownPlan): string[] {
  const left = changes.filter(isNotAdopted).length;
  return left > 0 ? [`${left} not adopted`] : [];
}

/** Where the secrets come from that adopting sends, or would send, and how not to send them. */
export function adoptionHints({ changes }: ShownPlan): Hint[] {
  const adopted = changes.filter(
    (change) => change.action === 'adopt' && (change.blocked === undefined || isNotAdopted(change)),
  );
  const names = adopted.flatMap(({ fields }) =>
    fields.flatMap(({ from = [] }) => from.map((source) => printable(secretSourceName(source)))),
  );
  const sources = [...new Set(names)];
  if (sources.length === 0) return [];
  return [
    [
      `Adopting sends the ${sources.length === 1 ? 'key' : 'keys'} from `,
      ...listed(sources),
      ': ',
      { code: '--trust-secrets' },
      ' takes the one that the vendor holds for the same, and ',
      { code: '{ keep: true }' },
      ' in its place leaves what the vendor holds.',
    ],
  ];
}

/** Sources that a hint names. */
const MOST_SOURCES = 5;

function listed(sources: readonly string[]): Hint {
  const shown = sources.slice(0, MOST_SOURCES);
  const more = sources.length - shown.length;
  const parts = shown.flatMap(
    (source, i): Hint => [
      i === 0 ? '' : i === shown.length - 1 && more === 0 ? ' and ' : ', ',
      { code: source },
    ],
  );
  return [...parts, ...(more > 0 ? [` and ${more} more`] : [])].filter((part) => part !== '');
}

function changesLiveFields({ fields }: Change): boolean {
  return fields.some(({ sensitive }) => sensitive !== true);
}

function sendsSecret({ fields }: Change): boolean {
  return fields.some(({ sensitive }) => sensitive === true);
}

function counted(count: number, one: string, many: string): string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
}
