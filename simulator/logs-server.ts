/** CloudWatch Logs over awsJson 1.1: Insights queries and FilterLogEvents over lines made from the ledgers. */
import { json11Dialect, readTarget } from "./aws/dialects.ts";
import { type AwsService, ServiceError, startAwsService } from "./aws/service.ts";
import type { FunctionRegistry } from "./function-registry.ts";
import { filterLogEvents } from "./logs/filter-log-events.ts";
import { Queries } from "./logs/queries.ts";
import type { LogSources } from "./logs/requests.ts";
import { defaultLogsSettings, type LogsSettings } from "./logs/settings.ts";

export type LogsServer = AwsService<LogsSettings>;

export function startLogs(functions: FunctionRegistry): Promise<LogsServer> {
  const queries = new Queries();
  const sources: LogSources = (region) =>
    functions.inRegion(region).map(({ name, settings, ledger }) => ({ name, settings, entries: ledger.entries }));
  return startAwsService({
    defaults: defaultLogsSettings,
    dialect: json11Dialect("ThrottlingException"),
    read: readTarget("Logs_20140328"),
    operate: (request, store) => {
      switch (request.operation) {
        case "StartQuery":
          return queries.start(request, sources, store);
        case "GetQueryResults":
          return queries.results(request, store.settings());
        case "StopQuery":
          return queries.stop(request, store.settings());
        case "FilterLogEvents":
          return filterLogEvents(request, sources, store.settings());
        default:
          throw new ServiceError(400, "UnknownOperationException", `${request.operation} is not simulated`);
      }
    },
  });
}
