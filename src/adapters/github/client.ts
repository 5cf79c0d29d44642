import { field, isJson } from "./answer.ts";

/** What GitHub said to one request. A refusal is an answer, not an exception. */
export type GithubReply =
  | {
      readonly ok: true;
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly data: unknown;
    }
  | {
      readonly ok: false;
      /** `null` when no answer came. */
      readonly status: number | null;
      /** One line. */
      readonly message: string;
    };

export type GithubClient = {
  /**
   * A route of the REST interface below the repository, such as `GET /issues/{number}/comments`. Failing services are
   * asked again; redirects are answers, so that the token never travels to another host.
   */
  readonly request: (route: string, parameters?: Readonly<Record<string, unknown>>) => Promise<GithubReply>;
  /** Any route, such as `GET /user`. */
  readonly requestAny: (route: string, parameters?: Readonly<Record<string, unknown>>) => Promise<GithubReply>;
  /** Gets an address that GitHub signed: without the token, through the runner's proxy, following nothing. */
  readonly fetchSigned: (url: string, signal: AbortSignal) => Promise<Response>;
};

export type ClientOptions = {
  readonly token: string;
  /** `https://api.github.com`, without a slash at the end. */
  readonly apiUrl: string;
  /** `owner/name`. */
  readonly repository: string;
  /** Wait before the first retry in milliseconds; the second waits four times as long. */
  readonly retryBase?: number;
};

/** Long enough for a slow answer and two retries; a gate must not hang on its report. */
const REQUEST_TIMEOUT_MS = 60_000;
const RETRIES = 2;

/** A client of the repository. Octokit is loaded with the first request, not before the first probe. */
export const createGithubClient = (options: ClientOptions): GithubClient => {
  const [owner = "", repo = ""] = options.repository.split("/");
  let loaded: ReturnType<typeof loadOctokit> | null = null;
  const octokit = (): ReturnType<typeof loadOctokit> => {
    loaded ??= loadOctokit(options);
    return loaded;
  };
  const requestAny: GithubClient["requestAny"] = async (route, parameters = {}) => {
    try {
      const { request } = await octokit();
      const transport = { redirect: "manual" as const, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) };
      const { status, headers, data } = await request(route, { ...parameters, request: transport });
      return { ok: true, status, headers: textHeaders(headers), data };
    } catch (error) {
      return failure(error);
    }
  };
  return {
    requestAny,
    request: (route, parameters = {}) => {
      const [method = "GET", path = ""] = route.split(" ");
      return requestAny(`${method} /repos/{owner}/{repo}${path}`, { owner, repo, ...parameters });
    },
    fetchSigned: async (url, signal) => {
      const { fetch } = await octokit();
      return await fetch(url, { redirect: "error", signal });
    },
  };
};

const loadOctokit = async ({ token, apiUrl, retryBase = 1_000 }: ClientOptions) => {
  const [{ getOctokit }, { defaults }, { retry }] = await Promise.all([
    import("@actions/github"),
    import("@actions/github/lib/utils"),
    import("@octokit/plugin-retry"),
  ]);
  const client = getOctokit(
    token,
    { baseUrl: apiUrl, retry: { retries: RETRIES, retryAfterBaseValue: retryBase } },
    retry,
  );
  // The toolkit's own fetch goes through HTTPS_PROXY; Node's does not.
  const fetch: typeof globalThis.fetch = defaults.request?.fetch ?? globalThis.fetch;
  return { request: client.request, fetch };
};

const textHeaders = (headers: object): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );

const failure = (error: unknown): GithubReply => {
  const text = error instanceof Error ? error.message : String(error);
  const status = isJson(error) ? field(error, "status") : undefined;
  const answered = isJson(error) && field(error, "response") !== undefined;
  return {
    ok: false,
    status: answered && typeof status === "number" ? status : null,
    message: withoutLink(text).replaceAll(/\s+/g, " ").slice(0, 200),
  };
};

/** GitHub's messages end with ` - https://docs...`. */
const withoutLink = (message: string): string => message.replace(/ - https?:\/\/\S+$/, "");

/** A refusal in half a sentence: `GitHub said 403 (Resource not accessible by integration)`. */
export const refusalOf = (reply: Extract<GithubReply, { readonly ok: false }>): string =>
  reply.status === null ? `GitHub did not answer (${reply.message})` : `GitHub said ${reply.status} (${reply.message})`;
