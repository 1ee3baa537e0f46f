import type { Vendor } from '../../src/model/vendor.js';
import { vendors } from '../../src/vendors/index.generated.js';
import type { KindFixture, VendorFixture } from '../contract/fixture.js';
import { type Subject, subjectOf } from '../contract/subject.js';
import { FAULTS, type FaultCase } from './faults.js';
import { OPERATIONS, type Operation } from './operations.js';

/** One kind of one vendor under one operation that goes wrong in one way. */
export interface Cell {
  subject: Subject;
  operation: Operation;
  fault: FaultCase;
  /** Why there is nothing to try. */
  notApplicable?: string;
}

export interface Row {
  name: string;
  cells: Cell[];
}

/** The rows of every vendor. */
export async function allRows(): Promise<Row[]> {
  return (await Promise.all(vendors.map(rowsOf))).flat();
}

export function applicable(cells: readonly Cell[]): Cell[] {
  return cells.filter((cell) => cell.notApplicable === undefined);
}

async function rowsOf(vendor: Vendor): Promise<Row[]> {
  const { fixture } = (await import(`../contract/fixtures/${vendor.id}.ts`)) as { fixture: VendorFixture };
  return vendor.kinds.flatMap((kind) => {
    const found = fixture.find((one) => one.kind === kind.name);
    if (found === undefined) throw new Error(`there is no fixture of ${vendor.id} ${kind.name}`);
    const subject = subjectOf(vendor, kind, found);
    return OPERATIONS.map((operation) => ({
      name: `${vendor.id} ${kind.name} ${operation.name}`,
      cells: FAULTS.map((fault) => cellOf(subject, operation, fault)),
    }));
  });
}

function cellOf(subject: Subject, operation: Operation, fault: FaultCase): Cell {
  const notApplicable = missing(subject, operation, fault);
  return { subject, operation, fault, ...(notApplicable !== undefined && { notApplicable }) };
}

/** Why a fault cannot come about: the vendor has no such operation, or no such part of it. */
function missing({ vendor, fixture }: Subject, { name }: Operation, fault: FaultCase): string | undefined {
  if (fault.pages && !(name === 'list' && inPages(fixture))) return 'nothing comes in pages';
  if (fault.strike.by === 'somebody' && name === 'create') return 'there is no object yet';
  if (fault.body && name === 'delete' && SILENT.has(vendor.id)) return 'the answer has no body';
  return undefined;
}

/** Vendors whose answer to a DELETE has no body that anything could happen to. */
const SILENT: ReadonlySet<string> = new Set(['anam', 'goodmem']);

function inPages({ pageSize }: KindFixture): boolean {
  return pageSize !== undefined;
}
