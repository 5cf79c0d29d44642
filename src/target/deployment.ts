/** One deployment as GitHub, or the event that started this run, tells it. */
export type SeenDeployment = {
  /** `null` when the event names no deployment of GitHub's own. */
  readonly id: number | null;
  readonly environment: string;
  /** Flagged `production_environment`. */
  readonly production: boolean;
  /** GitHub's word: error, failure, inactive, in_progress, queued, pending, success; others are waited for. */
  readonly state: string;
  /** Where the deployment answers, `null` while nobody has said. */
  readonly url: string | null;
  readonly description: string | null;
};

/** Whether load on it would be load on production: flagged so, or named so (`Production – project` as hosts name it). */
export const isProduction = ({
  environment,
  production,
}: Pick<SeenDeployment, "environment" | "production">): boolean =>
  production || /^prod(uction)?(\s|$)/i.test(environment.trim());

/** Whether an environment is meant: `*` and `?` as in file names, case-blind as GitHub's own names, all else literal. */
export const matchesEnvironment = (pattern: string, environment: string): boolean => {
  const source = [...pattern].map((unit) => WILDCARDS[unit] ?? unit.replace(/[\\^$.+()[\]{}|/]/, "\\$&")).join("");
  return new RegExp(`^${source}$`, "isu").test(environment);
};

const WILDCARDS: Readonly<Record<string, string>> = { "*": ".*", "?": "." };

/**
 * The address of a deployment among what a status tells. `target_url` is often the page of its log, and a page of GitHub's
 * or of a hosting console is no deployment of ours.
 */
export const deploymentUrl = (told: {
  readonly environmentUrl: string | null;
  readonly targetUrl: string | null;
  /** Host of GitHub itself, `github.com` or an own server's. */
  readonly githubHost: string;
}): string | null => {
  const own = webAddress(told.environmentUrl);
  if (own !== null) return own.href;
  const other = webAddress(told.targetUrl);
  if (other === null || other.hostname === told.githubHost || CONSOLES.has(other.hostname)) return null;
  return other.href;
};

/** Pages about deployments: Vercel, Netlify, Cloudflare. */
const CONSOLES: ReadonlySet<string> = new Set(["github.com", "vercel.com", "app.netlify.com", "dash.cloudflare.com"]);

const webAddress = (text: string | null): URL | null => {
  const url = text === null ? null : URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") return null;
  url.hash = "";
  return url;
};
