import type { Kind, Vendor } from './vendor.js';

export function findVendor(vendors: readonly Vendor[], id: string): Vendor | undefined {
  return vendors.find((vendor) => vendor.id === id);
}

/** The kind of a manifest or of a change, by its vendor's id and its own name. */
export function findKind(
  vendors: readonly Vendor[],
  { vendor, kind }: { readonly vendor: string; readonly kind: string },
): Kind | undefined {
  return findVendor(vendors, vendor)?.kinds.find(({ name }) => name === kind);
}
