import { readFileSync } from 'node:fs';

/** When a running process began, in words of the system. Undefined where it does not say, or shows no such process. */
export function processStartTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold anything; of what follows, the twentieth is the start in ticks since the boot.
    const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return start && `${bootId()}/${start}`;
  } catch {
    return undefined;
  }
}

/**
 * Tells whether the process with a number is still the one that began then: after a restart of the machine another one may
 * have its number. Undefined where the system does not tell.
 */
export function isSameProcess(pid: number, birth: string): boolean | undefined {
  // Of the processes of other users a service may see nothing; the boot is enough for most.
  const thisBoot = isOfThisBoot(birth);
  if (thisBoot !== true) return thisBoot;
  const found = processStartTime(pid);
  return found === undefined ? undefined : found === birth;
}

/** Tells whether a process began since the machine was started. Undefined where the system does not tell. */
export function isOfThisBoot(birth: string): boolean | undefined {
  try {
    return birth.startsWith(`${bootId()}/`);
  } catch {
    return undefined;
  }
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}
