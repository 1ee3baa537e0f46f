/** The address of a repository, with what it takes to get in kept apart from it. */
export interface GitRemote {
  /** Without a user name or password where it is an HTTP address: this may be shown, and stands in command lines. */
  url: string;
  /** Variables that give git the credential: they do not appear in a list of processes. */
  env: Readonly<Record<string, string>>;
}

/** Takes the credential out of an address such as `https://user:token@host/team/repository.git`. */
export function parseGitRemote(
  address: string,
  env: Readonly<Record<string, string | undefined>>,
): GitRemote {
  const [, scheme = '', user = '', rest = ''] = /^(https?:\/\/)([^/@]*)@(.*)$/i.exec(address) ?? [];
  if (scheme === '') return { url: address, env: {} };
  const credential = user.includes(':') ? user : `${user}:`;
  const url = scheme + rest;
  // After those that are there already: git takes numbered settings from its environment.
  const next = Number(env.GIT_CONFIG_COUNT ?? 0) || 0;
  return {
    url,
    env: {
      GIT_CONFIG_COUNT: String(next + 1),
      [`GIT_CONFIG_KEY_${next}`]: `http.${new URL(url).origin}/.extraHeader`,
      [`GIT_CONFIG_VALUE_${next}`]: `Authorization: Basic ${Buffer.from(decoded(credential)).toString('base64')}`,
    },
  };
}

/** Tells if an address names a helper of git (`ext::command`), which runs a program and may hold another address. */
export function namesHelper(address: string): boolean {
  return /^[^/]*::/.test(address);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
