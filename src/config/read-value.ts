import { type Parsed, parsed } from "../errors.ts";
import { parseArrivalRate } from "../load/arrivals.ts";
import { parseStages } from "../load/stages.ts";
import { parseStopRule } from "../load/stop-rule.ts";
import { parseWaitTime } from "../load/wait-time.ts";
import { parseDuration } from "./durations.ts";
import { parseFunctions } from "./functions.ts";
import { type Given, oneOf, refusal, wrong } from "./given.ts";
import { parseHeaders } from "./headers.ts";
import { parseHosts } from "./hosts.ts";
import type { ValueType } from "./input-row.ts";
import { parseDollars, parseInteger, parseRate } from "./numbers.ts";
import { parseLimits } from "./parse-limits.ts";
import { parseStatuses } from "./statuses.ts";
import { didYouMean, nearest } from "./suggest.ts";
import { parseTargetUrl } from "./target-url.ts";

/** Reads one value as its row of the table says; `ValueOf` is the type it becomes. */
export const readValue = (given: Given, value: ValueType): Parsed<unknown> => {
  switch (value.type) {
    case "text":
      return readText(given, value);
    case "url":
      return parseTargetUrl(given);
    case "integer":
      return parseInteger(given, value);
    case "rate":
      return parseRate(given, value);
    case "dollars":
      return parseDollars(given, value);
    case "duration":
      return parseDuration(given, value);
    case "boolean":
      return readBoolean(given, value.later ?? []);
    case "choice":
      return readChoice(given, value.values, value.later ?? []);
    case "statuses":
      return parseStatuses(given);
    case "hosts":
      return parseHosts(given);
    case "headers":
      return parseHeaders(given);
    case "functions":
      return parseFunctions(given);
    case "limits":
      return parseLimits(given.text);
    case "wait-time":
      return parseWaitTime(given.text);
    case "arrival-rate":
      return parseArrivalRate(given.text);
    case "stages":
      return parseStages(given.text);
    case "stop-rule":
      return parseStopRule(given.text);
    case "files":
      return parsed(given.text.split("\n"));
  }
};

const readText = (given: Given, value: Extract<ValueType, { type: "text" }>): Parsed<string> =>
  new RegExp(`^(?:${value.pattern})$`).test(given.text)
    ? parsed(given.text)
    : wrong(given, `which is not ${value.form}`, `Write ${value.form}, such as ${value.example}.`);

/** GitHub's own spelling of booleans is case-blind. */
const readBoolean = (given: Given, later: readonly string[]): Parsed<boolean> => {
  const word = given.text.toLowerCase();
  if (word !== "true" && word !== "false")
    return wrong(given, "which is neither true nor false", "Write true or false.");
  return later.includes(word) ? notBuilt(given) : parsed(word === "true");
};

const readChoice = (given: Given, values: readonly string[], later: readonly string[]): Parsed<string> => {
  if (values.includes(given.text)) return parsed(given.text);
  if (later.includes(given.text)) return notBuilt(given);
  const list = `Write ${oneOf(values)}.`;
  return wrong(given, "which is not one of its values", didYouMean(nearest(given.text, values), list));
};

const notBuilt = (given: Given): Parsed<never> =>
  refusal("not-built-yet", `${given.label} ${given.shown} is not built yet.`, `Leave ${given.label} out.`);
