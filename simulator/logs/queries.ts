/** Logs Insights queries in flight: Scheduled, then Running, then what they end as. */
import { randomUUID } from "node:crypto";
import { awsJson } from "../aws/dialects.ts";
import { type AwsRequest, ServiceError, type Store } from "../aws/service.ts";
import type { Answer } from "../local-server.ts";
import { parseQuery } from "./insights-parser.ts";
import { type QueryResult, runQuery } from "./insights-run.ts";
import { eventsOf } from "./log-events.ts";
import { demandGroup, type GroupNames, type LogSources, understood } from "./requests.ts";
import type { LogsSettings } from "./settings.ts";

type Query = {
  readonly result: QueryResult;
  readonly end: "Complete" | "Failed" | "Timeout";
  readonly polls: number;
  readonly cancelled: boolean;
};

type StartBody = GroupNames & {
  readonly startTime?: number;
  readonly endTime?: number;
  readonly queryString?: string;
  readonly limit?: number;
};

/** Rows a query returns unless it says otherwise. */
const usualLimit = 10_000;

export class Queries {
  readonly #queries = new Map<string, Query>();

  start({ body, region, nowMs }: AwsRequest, sources: LogSources, store: Store<LogsSettings>): Answer {
    if (store.spend("limitExceededFirst")) {
      throw new ServiceError(
        400,
        "LimitExceededException",
        "Account maximum query concurrency limit of [100] reached.",
      );
    }
    const { startTime, endTime, queryString = "", limit = usualLimit, ...names } = body as StartBody;
    if (startTime === undefined || endTime === undefined || endTime < startTime) {
      throw new ServiceError(400, "InvalidParameterException", "startTime and endTime are epoch seconds, in order");
    }
    const stages = understood("MalformedQueryException", () => parseQuery(queryString));
    const range = { fromMs: startTime * 1000, toMs: endTime * 1000 + 999, asOfMs: nowMs };
    const events = eventsOf(demandGroup(sources(region), names), { ...range, delayMs: store.settings().delayMs });
    const result = understood("MalformedQueryException", () => runQuery(stages, events, limit));
    const end = store.spend("failQueries") ? "Failed" : store.spend("timeoutQueries") ? "Timeout" : "Complete";
    const queryId = randomUUID();
    this.#queries.set(queryId, { result, end, polls: 0, cancelled: false });
    return awsJson("1.1", { queryId });
  }

  results({ body }: AwsRequest, { runningPolls }: LogsSettings): Answer {
    const [queryId, query] = this.#find(body);
    this.#queries.set(queryId, { ...query, polls: query.polls + 1 });
    const running = query.polls === 0 ? "Scheduled" : "Running";
    const status = query.cancelled ? "Cancelled" : query.polls < runningPolls ? running : query.end;
    const { rows, matched, scanned } = query.result;
    const done = status === "Complete";
    return awsJson("1.1", {
      queryLanguage: "CWLI",
      results: done ? rows : [],
      statistics: {
        recordsMatched: done ? matched : 0,
        recordsScanned: done ? scanned : 0,
        bytesScanned: 200 * scanned,
      },
      status,
    });
  }

  stop({ body }: AwsRequest, { runningPolls }: LogsSettings): Answer {
    const [queryId, query] = this.#find(body);
    if (query.polls > runningPolls) {
      throw new ServiceError(400, "InvalidParameterException", "Query is not in the Running state");
    }
    this.#queries.set(queryId, { ...query, cancelled: true });
    return awsJson("1.1", { success: true });
  }

  #find(body: unknown): readonly [string, Query] {
    const { queryId = "" } = body as { readonly queryId?: string };
    const query = this.#queries.get(queryId);
    if (query === undefined)
      throw new ServiceError(400, "ResourceNotFoundException", `Query does not exist: ${queryId}`);
    return [queryId, query];
  }
}
