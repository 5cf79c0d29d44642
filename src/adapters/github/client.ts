import { setTimeout } from "node:timers/promises";
import { field, isJson } from "./answer.ts";
import { rateLimitWait } from "./rate-limit.ts";

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

export type GithubRefusal = Extract<GithubReply, { readonly ok: false }>;

export type GithubClient = {
  /**
   * A route of the REST interface below the repository, such as `GET /issues/{number}/comments`. Failing services are
   * asked again, after a rate limit when it says so; redirects are answers, so that the token never travels to another
   * host.
   */
  readonly request: (
    route: string,
    parameters?: Readonly<Record<string, unknown>>,
    options?: RequestOptions,
  ) => Promise<GithubReply>;
  /** Any route, such as `GET /user`. */
  readonly requestAny: GithubClient["request"];
  /** A query of the GraphQL interface; its own errors are in the data of an answer that is ok. */
  readonly graphql: (query: string) => Promise<GithubReply>;
  /** A breath before what was lost is tried again. */
  readonly pause: () => Promise<void>;
  /** Gets an address that GitHub signed: without the token, through the runner's proxy, following nothing. */
  readonly fetchSigned: (url: string, signal: AbortSignal) => Promise<Response>;
};

export type RequestOptions = {
  /** What must not happen twice is not repeated when its answer is lost: a gateway may fail after the deed. */
  readonly once?: boolean;
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
const SECOND_MS = 1_000;
/** For rate limits, over all calls of a job. */
const MOST_WAITING_S = 120;
/** The plugin's own list, and 429: a rate limit has a wait of its own. */
const NO_PLAIN_RETRY = [400, 401, 403, 404, 410, 422, 429, 451];

/** A client of the repository. Octokit is loaded with the first request, not before the first probe. */
export const createGithubClient = (options: ClientOptions): GithubClient => {
  const [owner = "", repo = ""] = options.repository.split("/");
  let loaded: ReturnType<typeof loadOctokit> | null = null;
  const octokit = (): ReturnType<typeof loadOctokit> => {
    loaded ??= loadOctokit(options);
    return loaded;
  };
  const second = options.retryBase ?? SECOND_MS;
  let patience = MOST_WAITING_S;
  const requestAny: GithubClient["requestAny"] = async (route, parameters = {}, { once = false } = {}) => {
    for (let limited = 0; ; limited += 1) {
      try {
        const { request } = await octokit();
        const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
        const transport = { redirect: "manual" as const, signal, ...(once && { retries: 0 }) };
        const { status, headers, data } = await request(route, { ...parameters, request: transport });
        return { ok: true, status, headers: textHeaders(headers), data };
      } catch (error) {
        const wait = limited < RETRIES ? rateLimitWait(error, Date.now()) : null;
        if (wait === null || wait > patience) return failure(error, options.token);
        patience -= wait;
        await setTimeout(wait * second);
      }
    }
  };
  return {
    requestAny,
    graphql: (query) => requestAny(`POST ${graphqlUrl(options.apiUrl)}`, { query }),
    pause: () => setTimeout(second),
    request: (route, parameters = {}, how = {}) => {
      const [method = "GET", path = ""] = route.split(" ");
      return requestAny(`${method} /repos/{owner}/{repo}${path}`, { owner, repo, ...parameters }, how);
    },
    fetchSigned: async (url, signal) => {
      const { fetch } = await octokit();
      return await fetch(url, { redirect: "manual", signal });
    },
  };
};

const loadOctokit = async ({ token, apiUrl, retryBase = SECOND_MS }: ClientOptions) => {
  const [{ getOctokit }, { defaults }, { retry }] = await Promise.all([
    import("@actions/github"),
    import("@actions/github/lib/utils"),
    import("@octokit/plugin-retry"),
  ]);
  const client = getOctokit(
    token,
    { baseUrl: apiUrl, retry: { retries: RETRIES, retryAfterBaseValue: retryBase, doNotRetry: NO_PLAIN_RETRY } },
    retry,
  );
  // The toolkit's own fetch goes through HTTPS_PROXY; Node's does not.
  const fetch: typeof globalThis.fetch = defaults.request?.fetch ?? globalThis.fetch;
  return { request: client.request, fetch };
};

/** Beside REST on github.com, and `/api/graphql` beside the `/api/v3` of GitHub Enterprise Server. */
const graphqlUrl = (apiUrl: string): string => `${apiUrl.replace(/\/api\/v3$/, "/api")}/graphql`;

const textHeaders = (headers: object): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );

const failure = (error: unknown, token: string): GithubReply => {
  const said = error instanceof Error ? error.message : String(error);
  // Whatever stands between us and GitHub may repeat what it was sent.
  const text = token === "" ? said : said.replaceAll(token, "***");
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
export const refusalOf = (reply: GithubRefusal): string =>
  reply.status === null ? `GitHub did not answer (${reply.message})` : `GitHub said ${reply.status} (${reply.message})`;

/** No answer, or one of a service that failed: what was asked for may have happened. */
export const isLost = ({ status }: GithubRefusal): boolean => status === null || status >= 500;
