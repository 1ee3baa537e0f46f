import { sameJson } from '../../model/json.js';
import type { FieldChange } from '../../model/plan.js';
import { aspectsText, differingAspects, type TextAspect } from '../../model/text-aspects.js';

/** All that differs in a field whose two values read the same; undefined for any other field. What is masked is not looked at. */
export function fieldAspects({ before, after, sensitive }: FieldChange): readonly TextAspect[] | undefined {
  return sensitive ? undefined : differingAspects(before, after, sameJson);
}

/** `differs only in line ends`. */
export function aspectsTag(field: FieldChange): string | undefined {
  const aspects = fieldAspects(field);
  return aspects && `differs only in ${aspectsText(aspects)}`;
}
