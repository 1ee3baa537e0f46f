import type { Terminal } from '../../src/platform/process/terminal.js';

/** A terminal that nobody sits at: what is printed is kept, apart by stream. */
export function capturingTerminal(
  own: Pick<Terminal, 'cwd' | 'env'> & Partial<Terminal>,
): Terminal & { printed(): { out: string; err: string } } {
  let [out, err] = ['', ''];
  const terminal: Terminal = {
    out: (text) => void (out += text),
    command: (text) => void (out += text),
    err: (text) => void (err += text),
    color: false,
    errorColor: false,
    width: undefined,
    live: false,
    confirm: undefined,
    onInterrupt: () => () => undefined,
    ...own,
  };
  return { ...terminal, printed: () => ({ out, err }) };
}
