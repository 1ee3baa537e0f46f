import { assertNever } from '../model/assert-never.js';
import type { Permission } from '../model/permission.js';
import type { Guards } from '../model/project.js';

/** The flag that lifts each guard for one apply. */
export const GUARD_FLAGS = {
  maxDelete: '--max-delete',
  maxDeletePercent: '--max-delete-percent',
  maxUpdatePercent: '--max-update-percent',
  maxMissingPercent: '--max-missing',
} as const satisfies Record<keyof Guards, string>;

/** The flag that gives a permission, in a sentence. */
export function flagFor(permission: Permission): string {
  switch (permission.allow) {
    case 'host':
      return `Allow it with --allow-host ${permission.host}.`;
    case 'file':
      return `Allow it with --allow-file ${permission.path}.`;
    case 'commands':
      return 'Allow them with --allow-commands.';
    case 'rebind':
      return `If only its address changed, go on with --rebind ${permission.target}.`;
    case 'guard':
      return `If that is right, apply with ${GUARD_FLAGS[permission.guard]} ${permission.least}.`;
    default:
      return assertNever(permission);
  }
}
