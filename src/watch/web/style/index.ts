import { baseStyle } from './base.js';
import { pageStyle } from './page.js';
import { planStyle } from './plan.js';
import { targetStyle } from './target.js';

/** The page's one style sheet. */
export const styleSheet = [baseStyle, pageStyle, targetStyle, planStyle].join('\n');
