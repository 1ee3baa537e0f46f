import { type Diagnostic, DiagnosticError } from '../model/diagnostic.js';
import { unexpectedDiagnostic } from '../model/unexpected.js';
import type { Trigger } from './state/model.js';

/** Does one reload at a time. Asked for while one is at work, there is exactly one more, for the first reason. */
export function serializeReloads(
  work: (trigger: Trigger) => Promise<void>,
): (trigger: Trigger) => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  async function start(trigger: Trigger): Promise<void> {
    await running;
    next = undefined;
    running = work(trigger);
    return running;
  }

  return (trigger) => {
    next ??= start(trigger);
    return next;
  };
}

/** The findings about a project that could not be loaded, for any cause. */
export function diagnosticsOf(fault: unknown): readonly Diagnostic[] {
  if (fault instanceof DiagnosticError) return fault.diagnostics;
  const finding = unexpectedDiagnostic(fault);
  return [{ ...finding, summary: `the project cannot be loaded: ${finding.summary}` }];
}
