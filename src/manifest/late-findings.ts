import type { ManifestDraft } from './read-manifest.js';
import { addFinding, type DocumentFinding, type SourceFile, textOf } from './yaml/findings.js';
import { readYaml, type YamlDocument } from './yaml/read-yaml.js';

/** Adds findings about documents that were let go after they were read. */
export type AddLateFinding = (draft: ManifestDraft, finding: DocumentFinding) => void;

/** Each file with such a finding is read once more: that is rare, and saves the memory for the documents of all others. */
export function openLateFindings(): AddLateFinding {
  const readAgain = new Map<SourceFile, YamlDocument[]>();
  const documentsOf = (source: SourceFile): YamlDocument[] => {
    const documents = readAgain.get(source) ?? readYaml(textOf(source)).documents;
    readAgain.set(source, documents);
    return documents;
  };
  return ({ source, index, manifest }, finding) => {
    const document = documentsOf(source)[index] ?? replacedDocument(manifest.source.line);
    addFinding({ source, document, address: manifest.address }, finding);
  };
}

/** Where the file has become another one meanwhile. */
function replacedDocument(line: number): YamlDocument {
  return { value: null, line, locate: () => ({ line, column: 1 }) };
}
