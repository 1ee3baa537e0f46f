import { base } from './base.js';
import { page } from './page.js';
import { plan } from './plan.js';
import { target } from './target.js';

/** The page's one style sheet. */
export const style = [base, page, target, plan].join('\n');
