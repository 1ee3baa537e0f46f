import { countChanges, hasChanges } from '../../model/plan.js';
import type { TargetState } from '../state/model.js';
import { fragmentId } from './fragment-id.js';
import { type Html, html } from './html.js';
import { countNoun } from './labels.js';

// The one form stands outside the sections and holds what belongs to the session, so that a section is rendered once
// for every signed-in browser.
export const ACTION_FORM = 'act';

export function renderTargetButtons({ name, status, suspendedBy }: TargetState): Html {
  const part = fragmentId(name);
  return html`<p class="buttons">
${status !== 'suspended' && button('/target/sync', part, 'Sync now', name)}
${status !== 'suspended' && button('/target/suspend', part, 'Suspend', name)}
${status === 'suspended' && suspendedBy !== 'project' && button('/target/resume', part, 'Resume', name)}
</p>`;
}

/**
 * Two steps: what is approved is said before the button shows. Its key holds the fingerprint, so that a newer plan
 * comes with the button folded away, never under a finger that meant the older one.
 */
export function renderApproval({ name, plan, status }: TargetState): Html | undefined {
  if (plan === undefined || !hasChanges(plan) || status === 'suspended') return undefined;
  const { fingerprint } = plan;
  return html`<details class="approve" data-key="approve ${fingerprint}"><summary>Approve this plan</summary>
<p>Lets exactly this plan of ${countNoun(countChanges(plan), 'change')} through, once, past the mode, the windows and the guards on deleting and updating. If anything has moved by then, nothing is written.</p>
<p>Fingerprint <code>${fingerprint}</code></p>
<p><button class="strong" form="${ACTION_FORM}" formaction="/target/approve?part=${fragmentId(name)}" name="fingerprint" value="${fingerprint}">Approve and apply to ${name}</button></p>
</details>`;
}

function button(action: string, part: string, label: string, name: string): Html {
  return html`<button form="${ACTION_FORM}" formaction="${action}?part=${part}">${label}<span class="visually-hidden"> ${name}</span></button>`;
}
