/** A manifest or project file may hold this many bytes. Of a larger one no more than this is ever read. */
export const MAX_FILE_BYTES = 8 * 1024 * 1024;
