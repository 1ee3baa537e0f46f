import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import * as core from '@actions/core';
import { writeFileAtomic } from '../fs/files.js';
import { looksRandom } from '../secrets/random-text.js';
import { encodingsOf, LONGEST_GUESSABLE } from '../secrets/secret-forms.js';

/** An action's messages to the runner. They are printed as they are: values are masked before they are rendered. */
export interface Runner {
  /** Has the runner keep a secret, its usual encodings and each of its lines out of the log of this and of later steps. */
  hideSecret(secret: string): void;
  /** Text for the log, folded under a title. Nothing in it is taken for a command. */
  print(title: string, text: string): void;
  annotate(severity: 'error' | 'warning' | 'notice', annotation: Annotation): void;
  /** Markdown for the page of the run. GitHub drops a step's summary over 1 MiB. */
  summarize(markdown: string): Promise<void>;
  output(name: string, value: string | number | boolean): void;
  /** Writes a file that lives as long as the job, and returns its path. */
  keep(name: string, text: string): Promise<string>;
  /** Calls back when the run is cancelled. Returns a function that stops it. */
  onCancel(callback: () => void): () => void;
}

export interface Annotation {
  title: string;
  message: string;
  /** Relative to the repository. */
  file?: string | undefined;
  /** 1-based. */
  line?: number | undefined;
  /** 1-based. */
  column?: number | undefined;
}

/** The runner that this process is a step of. `temp` is the folder for its files. */
export function openRunner({ temp }: { temp: string }): Runner {
  return {
    hideSecret(secret) {
      // Nothing would be left of the log.
      if (secret.trim() === '') return;
      for (const part of [secret, ...linesOf(secret)]) {
        for (const form of new Set([part, ...encodingsOf(part)])) core.setSecret(form);
      }
    },
    print(title, text) {
      core.startGroup(title);
      untouched(text);
      core.endGroup();
    },
    annotate(severity, { title, message, file, line, column }) {
      const place = { ...(file && { file }), ...(line && { startLine: line }) };
      annotators[severity](message, {
        title,
        ...place,
        ...(line && column && { startColumn: column }),
      });
    },
    async summarize(markdown) {
      // Runners older than summaries have nowhere to put one.
      if (!process.env.GITHUB_STEP_SUMMARY) return;
      const written = core.summary.addRaw(markdown, true).write();
      await written.catch(() => core.warning('The summary of this run could not be written.'));
    },
    output: (name, value) => core.setOutput(name, String(value)),
    async keep(name, text) {
      const path = join(temp, `${randomUUID()}-${name}`);
      await writeFileAtomic(path, text, { display: name, mode: 0o600 });
      return path;
    },
    onCancel,
  };
}

/** Any line that begins with `::` would be a command: so none is until the runner sees a token that cannot be guessed. */
const annotators = { error: core.error, warning: core.warning, notice: core.notice };

function untouched(text: string): void {
  const token = randomBytes(32).toString('hex');
  core.info(`::stop-commands::${token}`);
  core.info(text.replace(/\n$/, ''));
  core.info(`::${token}::`);
}

/** The runner's mask knows single lines only; very short ones are in every text. */
function linesOf(secret: string): string[] {
  if (!secret.includes('\n')) return [];
  return secret
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line.length > LONGEST_GUESSABLE && looksRandom(line));
}

/** A cancelled run gets SIGINT, later SIGTERM, and is killed ten seconds after the first. */
function onCancel(callback: () => void): () => void {
  process.on('SIGINT', callback);
  process.on('SIGTERM', callback);
  return () => {
    process.off('SIGINT', callback);
    process.off('SIGTERM', callback);
  };
}
