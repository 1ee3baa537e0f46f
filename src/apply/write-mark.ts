import { entriesOf, type Ledger } from '../model/ledger.js';
import { VendorError } from '../model/vendor-error.js';
import { clientIdFor } from '../plan/match/identity.js';
import type { ForgetStep, MarkStep } from '../plan/step.js';
import { writesOf } from '../plan/writes.js';
import { assertUnchanged, StaleError } from './check-stale.js';
import { forgetObject } from './record.js';
import type { ApplySession } from './session.js';

/** Takes our mark off an object that is let go, or writes it anew on an orphan with a new name. Fields stay as they are. */
export async function writeMark(step: MarkStep, session: ApplySession): Promise<string | undefined> {
  const { main } = writesOf(step, session.substitution(step.target));
  if (main.length > 0) await assertUnchanged(step, session);
  for (const request of main) {
    try {
      await session.client(step.target).write(request);
    } catch (error) {
      if (!(error instanceof VendorError) || error.code !== 'not-found') throw error;
      throw new StaleError(error.message, { cause: error });
    }
  }
  if (step.action === 'remark') {
    session.tellWritten(step.change.address, step.live.id);
    return step.live.id;
  }
  forget(step, session.input.ledger);
  const { observed } = session.input.prepared.observation;
  if (!observed.some(({ target }) => target.name === step.target))
    unbindTarget(step.target, session.input.ledger);
  session.tellWritten(step.change.address, (step.live ?? step.entry)?.id ?? '');
  return undefined;
}

/** The id that was derived for it stays another's: what gets this address later is derived anew. */
function forget({ change: { address }, entry, live, project }: ForgetStep, ledger: Ledger): void {
  forgetObject(ledger, address);
  delete ledger.intents[address];
  const count = ledger.ids?.[address] ?? 0;
  if ((entry ?? live)?.id === clientIdFor(project, address, count))
    ledger.ids = { ...ledger.ids, [address]: count + 1 };
}

/** Once nothing is remembered of a target that cannot be reached any more, its name is free for another account. */
function unbindTarget(name: string, ledger: Ledger): void {
  const left = [ledger.objects, ledger.intents].some((of) => entriesOf<unknown>(of, name).length > 0);
  if (left) return;
  const { [name]: _, ...others } = ledger.targets;
  ledger.targets = others;
}
