import { openRunner } from '../io/runner.js';
import { readWorkflow } from '../io/workflow.js';
import { crash, main } from './main.js';

const workflow = await readWorkflow();
const runner = openRunner(workflow);
process.on('uncaughtException', (error) => process.exit(crash(error, runner)));
process.exitCode = await main(workflow, runner);
