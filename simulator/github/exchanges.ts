/** What was said between the product and the simulated GitHub, word by word, for tests that hold it to GitHub's description. */
import type { Answer, Exchange as Asked } from "../local-server.ts";

/** One request of the REST interface and its answer. */
export type Exchange = {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** As JSON; `null` without a body. */
  readonly request: unknown;
  readonly status: number;
  readonly answer: unknown;
  readonly location: string | null;
  /** The answer is a test's planned failure and not the simulator's own. */
  readonly planned: boolean;
};

/** What comes later is not kept. */
export const MOST_EXCHANGES = 2_000;
const LONGEST_BODY = 4 * 1024 * 1024;

export const exchangeOf = (
  { method, body, headers }: Asked,
  path: string,
  { answer, planned }: { readonly answer: Answer; readonly planned: boolean },
): Exchange => ({
  ...{ method, path, status: answer.status, planned, location: answer.headers?.["location"] ?? null },
  request: headers["content-type"]?.includes("json") === true ? jsonOf(body) : null,
  answer: answer.headers?.["content-type"]?.includes("json") === true ? jsonOf(answer.body ?? "") : null,
});

/** What GitHub's description knows; GraphQL, the Results service and its blobs are not in it. */
export const isRest = (path: string): boolean => path.startsWith("/repos/") || path.startsWith("/user");

const jsonOf = (body: Buffer | string): unknown => {
  const text = body.toString();
  if (text === "" || text.length > LONGEST_BODY) return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};
