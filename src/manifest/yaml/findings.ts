import { defined } from '../../model/defined.js';
import type { Diagnostic, DiagnosticCode } from '../../model/diagnostic.js';
import { excerptLine } from './excerpt.js';
import type { Side } from './position.js';
import type { YamlDocument } from './read-yaml.js';

/** Something wrong at a place in one file; it becomes a diagnostic once all of the file's findings are known. */
export interface Finding {
  severity?: 'warning';
  code: DiagnosticCode;
  summary: string;
  detail?: string;
  line: number;
  column: number;
  path?: string;
  address?: string;
  /** The value on this line may be a secret: no excerpt of the line shows it. */
  hide?: boolean;
}

/** A file as text, and what was found wrong in it. */
export interface SourceFile {
  /** Relative to the project file's folder, with `/`. */
  file: string;
  /** Undefined once it was let go: `textOf` has it all the same. */
  text: string | undefined;
  readAgain(): string;
  findings: Finding[];
}

/** The text of a file, which is read again where it was let go. */
export function textOf(source: SourceFile): string {
  source.text ??= source.readAgain();
  return source.text;
}

/** A finding about a value of a document, which is placed by its JSON Pointer. */
export interface DocumentFinding extends Omit<Finding, 'line' | 'column' | 'address'> {
  path: string;
  /** Which half of `key: value` it is about; the value unless told. */
  part?: Side;
}

/** A document in its file. */
export interface DocumentPlace {
  source: SourceFile;
  document: YamlDocument;
  /** Once it is known. */
  address?: string;
}

/** Adds a finding about a value of the document. */
export function addFinding(place: DocumentPlace, { part, ...finding }: DocumentFinding): void {
  const position = place.document.locate(finding.path, part);
  place.source.findings.push({ ...finding, ...position, ...defined({ address: place.address }) });
}

/** All findings as diagnostics with excerpts, sorted by file, line and column. */
export function toDiagnostics(files: readonly SourceFile[]): Diagnostic[] {
  const sorted = [...files].sort((a, b) => compareTexts(a.file, b.file));
  return sorted.flatMap(fileDiagnostics);
}

function fileDiagnostics(source: SourceFile): Diagnostic[] {
  if (source.findings.length === 0) return [];
  const lines = textOf(source).split('\n');
  // One line may hold several values in brackets: what one finding hides, the excerpts of the others hide too.
  const hidden = new Set(source.findings.filter((found) => found.hide).map((found) => found.line));
  const sorted = [...source.findings].sort((a, b) => a.line - b.line || a.column - b.column);
  return sorted.map(({ severity, hide: _, ...finding }) => {
    const shown = excerptLine(lines, finding.line, hidden.has(finding.line));
    return { severity: severity ?? 'error', ...finding, file: source.file, ...defined({ excerpt: shown }) };
  });
}

/** By code unit, so that the order is the same on any machine. */
export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
