import { openRunner } from '../platform/github/runner.js';
import { readWorkflow } from '../platform/github/workflow.js';
import { skipWasmOptimization } from '../platform/process/wasm.js';
import { crash, main } from './main.js';

skipWasmOptimization();
const workflow = await readWorkflow();
const runner = openRunner(workflow);
process.on('uncaughtException', (error) => process.exit(crash(error, runner)));
process.exitCode = await main(workflow, runner);
