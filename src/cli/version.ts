declare const __LLMFORM_VERSION__: string | undefined;

/** The version of this package; the build puts it in. */
export const version = typeof __LLMFORM_VERSION__ === 'string' ? __LLMFORM_VERSION__ : '0.0.0-dev';
