// Plans a project from a program, and prints what `llmform plan` would. It needs the package in your project
// (npm install llmform) and the variables that the project names:
//   node plan.mjs [PROJECT-FILE] [TARGET...]
// It exits with 2 when there is something to apply.
import { DiagnosticError, diagnosticsText, hasChanges, openProject, openSecrets, planText } from 'llmform';

const [config = 'llmform.yaml', ...targets] = process.argv.slice(2);
const env = process.env;

// A port of our own: secrets come from where the command takes them, and each access is logged.
const secrets = openSecrets(process.cwd(), { env });
const audited = {
  ...secrets,
  /** @param {import('llmform').SecretReference} reference */
  resolve(reference) {
    console.error(`audit: a secret is read ${JSON.stringify(reference)}`);
    return secrets.resolve(reference);
  },
};

try {
  const project = await openProject(config, { env, targets, ports: { secrets: audited } });
  const plan = await project.plan();
  process.stderr.write(diagnosticsText(plan.diagnostics, { color: false }));
  process.stdout.write(planText(plan, project.targets, { color: false }));
  process.exitCode = hasChanges(plan) ? 2 : 0;
} catch (error) {
  if (!(error instanceof DiagnosticError)) throw error;
  process.stderr.write(diagnosticsText(error.diagnostics, { color: false }));
  process.exitCode = 1;
}
