import { openRunner } from '../io/runner.js';
import { readWorkflow } from '../io/workflow.js';
import { main } from './main.js';

const workflow = await readWorkflow();
process.exitCode = await main(workflow, openRunner(workflow));
