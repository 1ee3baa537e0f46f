import { walkAll } from './walk-many.js';

walkAll('git');
