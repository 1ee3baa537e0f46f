import { openRunner } from '../platform/github/runner.js';
import { readWorkflow } from '../platform/github/workflow.js';
import { tuneEngine } from '../platform/process/tune-engine.js';
import { crash, main } from './main.js';

tuneEngine();
const workflow = await readWorkflow();
const runner = openRunner(workflow);
process.on('uncaughtException', (error) => process.exit(crash(error, runner)));
process.exitCode = await main(workflow, runner);
