import { loadSource } from './load-source.mjs';

/** The help of every command, as the command prints it; undefined without its sources. */
export async function commandsPage(folder) {
  const source = await loadSource(folder, 'src/cli/command-line.ts');
  if (source === undefined) return undefined;
  let printed = '';
  const terminal = {
    width: 100,
    out: (text) => {
      printed += text;
    },
    err: () => undefined,
  };
  const nothing = async () => undefined;
  const program = source.buildCommandLine(terminal, nothing, nothing);
  const help = (command) => {
    printed = '';
    command.outputHelp();
    return printed.trimEnd();
  };
  return [
    '# Commands and flags',
    'What `llmform help COMMAND` prints. [Commands](../commands.md) explains how they work together.',
    section('llmform', help(program)),
    ...program.commands.flatMap((command) => [
      section(`llmform ${command.name()}`, help(command)),
      ...command.commands.map((inner) => section(`llmform ${command.name()} ${inner.name()}`, help(inner))),
    ]),
  ].join('\n\n');
}

function section(title, help) {
  return `## \`${title}\`\n\n\`\`\`text\n${help}\n\`\`\``;
}
