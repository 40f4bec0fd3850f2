/** What a worker may know of the machine: where programs, home and temporary files are, language, and colours. */
const ALLOWED = new Set([
  "PATH",
  "HOME",
  "TMPDIR",
  "LANG",
  "TERM",
  "NO_COLOR",
  "FORCE_COLOR",
  "XDG_CACHE_HOME",
]);
const ALLOWED_PREFIXES = ["LC_", "SIP_VOICE_LAB_"];

/** What `go install` needs besides: its folders and how this machine reaches the module proxy. */
const ALLOWED_FOR_GO =
  /^(?:GO(?:PATH|CACHE|MODCACHE|PROXY|SUMDB|NOSUMDB|NOPROXY|PRIVATE|FLAGS|TOOLCHAIN|ROOT|TMPDIR|ENV|MAXPROCS)|SSL_CERT_(?:FILE|DIR)|(?:https?|no|all)_proxy)$/i;

/**
 * Builds the environment of a child process of the lab: an allow-list of the caller's variables, then the lab's own
 * values. This is the wall: nothing that names a live LiveKit, Google, Telnyx, trunk or database gets through, however
 * it is spelt, because only what is listed gets through.
 * @param own - the lab's own values (for a worker: `LIVEKIT_URL` and so on of the lab's server).
 * @param from - the caller's environment; `process.env` by default.
 */
export function labEnvironment(
  own: Readonly<Record<string, string>> = {},
  from: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  return { ...pick(from, isAllowed), ...own };
}

/** The environment of the one Go build: as {@link labEnvironment}, with Go's own variables and the proxies. */
export function goBuildEnvironment(from: NodeJS.ProcessEnv = process.env): Record<string, string> {
  return pick(from, (name) => isAllowed(name) || ALLOWED_FOR_GO.test(name));
}

function isAllowed(name: string): boolean {
  return ALLOWED.has(name) || ALLOWED_PREFIXES.some((prefix) => name.startsWith(prefix));
}

function pick(from: NodeJS.ProcessEnv, allowed: (name: string) => boolean): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const [name, value] of Object.entries(from)) {
    if (value !== undefined && allowed(name)) picked[name] = value;
  }
  return picked;
}
