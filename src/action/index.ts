import { openRunner } from '../io/runner.js';
import { skipWasmOptimization } from '../io/wasm.js';
import { readWorkflow } from '../io/workflow.js';
import { crash, main } from './main.js';

skipWasmOptimization();
const workflow = await readWorkflow();
const runner = openRunner(workflow);
process.on('uncaughtException', (error) => process.exit(crash(error, runner)));
process.exitCode = await main(workflow, runner);
