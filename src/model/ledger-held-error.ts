import { type Diagnostic, DiagnosticError } from './diagnostic.js';

/** Another apply holds the ledger: it may be free later. */
export class LedgerHeldError extends DiagnosticError {
  override readonly name = 'LedgerHeldError';
  /** The holder in a sentence. */
  readonly holder: string;

  constructor(finding: Diagnostic, holder: string) {
    super(finding);
    this.holder = holder;
  }
}
