import { runsOf } from '../support/fuzz-runs.js';
import { SOAK } from './counts.js';
import { walkAll } from './walk-many.js';

const share = runsOf(500) / 500;

walkAll('file', Math.ceil(SOAK.file * share));
walkAll('git', Math.ceil(SOAK.git * share));
