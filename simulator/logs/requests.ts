/** What the calls of CloudWatch Logs have in common. */
import { ServiceError } from "../aws/service.ts";
import { QueryError } from "./insights-tokens.ts";
import { groupOf, type LogSource } from "./log-events.ts";

/** The functions of a region. */
export type LogSources = (region: string | null) => readonly LogSource[];

export type GroupNames = {
  readonly logGroupName?: string;
  readonly logGroupNames?: readonly string[];
  readonly logGroupIdentifier?: string;
  readonly logGroupIdentifiers?: readonly string[];
};

/** The sources of the groups that are named, by name or ARN; throws ResourceNotFoundException for one that is missing. */
export function demandGroup(sources: readonly LogSource[], names: GroupNames): readonly LogSource[] {
  const { logGroupName, logGroupNames = [], logGroupIdentifier, logGroupIdentifiers = [] } = names;
  const given = [logGroupName, ...logGroupNames, logGroupIdentifier, ...logGroupIdentifiers].flatMap(
    (one) => one ?? [],
  );
  if (given.length === 0) throw new ServiceError(400, "InvalidParameterException", "no log group is named");
  return given.flatMap((one) => {
    const group = one.replace(/^arn:.*:log-group:/, "").replace(/:\*$/, "");
    const found = groupOf(sources, group);
    if (found === undefined) {
      throw new ServiceError(400, "ResourceNotFoundException", `The specified log group does not exist: ${group}`);
    }
    return found;
  });
}

/** What `read` gives; a query or pattern that is not understood becomes the service's `code`. */
export function understood<Value>(code: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    throw new ServiceError(400, code, error.message);
  }
}
