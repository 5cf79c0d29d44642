/** FilterLogEvents: pages of events, some of them empty, until there is no token any more. */
import { awsJson } from "../aws/dialects.ts";
import { type AwsRequest, ServiceError } from "../aws/service.ts";
import type { Answer } from "../local-server.ts";
import { filterOf } from "./filter-pattern.ts";
import { eventsOf } from "./log-events.ts";
import { demandGroup, type GroupNames, type LogSources, understood } from "./requests.ts";
import type { LogsSettings } from "./settings.ts";

type FilterBody = GroupNames & {
  readonly startTime?: number;
  readonly endTime?: number;
  readonly filterPattern?: string;
  readonly limit?: number;
  readonly nextToken?: string;
};

type Token = { readonly offset: number; readonly emptyLeft: number; readonly asOfMs: number };

/** Events a page holds at most. */
const largestPage = 10_000;

export function filterLogEvents(
  { body, region, nowMs }: AwsRequest,
  sources: LogSources,
  settings: LogsSettings,
): Answer {
  const {
    startTime = 0,
    endTime = nowMs,
    filterPattern = "",
    limit = largestPage,
    nextToken,
    ...names
  } = body as FilterBody;
  const { pageSize, emptyPages, delayMs } = settings;
  const token = nextToken === undefined ? { offset: 0, emptyLeft: emptyPages, asOfMs: nowMs } : readToken(nextToken);
  const { offset, emptyLeft, asOfMs } = token;
  const matches = understood("InvalidParameterException", () => filterOf(filterPattern));
  const range = { fromMs: startTime, toMs: endTime, asOfMs, delayMs };
  const events = eventsOf(demandGroup(sources(region), names), range).filter(({ message }) => matches(message));
  if (emptyLeft > 0) return page([], { ...token, emptyLeft: emptyLeft - 1 });
  const end = offset + Math.min(limit, largestPage, pageSize ?? largestPage);
  const found = events.slice(offset, end).map(({ atMs, ingestedMs, stream, message }, index) => ({
    ...{
      logStreamName: stream,
      timestamp: atMs,
      ingestionTime: ingestedMs,
      message,
      eventId: `${atMs}-${offset + index}`,
    },
  }));
  return page(found, end < events.length ? { offset: end, emptyLeft: emptyPages, asOfMs } : undefined);
}

const page = (events: readonly unknown[], next: Token | undefined): Answer =>
  awsJson("1.1", {
    events,
    searchedLogStreams: [],
    ...(next !== undefined && { nextToken: btoa(JSON.stringify(next)) }),
  });

function readToken(token: string): Token {
  try {
    return JSON.parse(atob(token)) as Token;
  } catch {
    throw new ServiceError(400, "InvalidParameterException", "The specified nextToken is invalid.");
  }
}
