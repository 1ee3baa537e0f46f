import { readFileSync } from 'node:fs';

/**
 * When a running process began, in words of the system: after a restart of the machine another one may have its number.
 * Undefined where there is no such process, or where the system does not say.
 */
export function birthOf(pid: number): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold anything; of what follows, the twentieth is the start in ticks since the boot.
    const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return start && `${boot}/${start}`;
  } catch {
    return undefined;
  }
}
