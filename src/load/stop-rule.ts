import { formatDuration, parseDuration } from "../config/durations.ts";
import { type Parsed, parsed, refused, usageProblem } from "../errors.ts";
import { millisToSeconds, type Seconds, type Share, secondsToMillis, share } from "../units.ts";

/** `stop-if`: ends the load early when the target fails for long. */
export type StopRule = { readonly metric: "failure-rate"; readonly above: Share; readonly seconds: Seconds };

const HINT = "Write a share and a time, such as failure-rate > 50% for 10s.";
const LENGTH = { min: "1s", max: "1h", example: "10s" } as const;

/** The whole grammar; the JSON Schema of the config file uses it too. */
export const STOP_RULE_PATTERN = "failure-rate *> *[0-9]+(\\.[0-9]+)? *% +for +[0-9.hms]+";

/** Reads `failure-rate > 50% for 10s`; whole seconds, because the rule is looked at once a second. */
export const parseStopRule = (text: string): Parsed<StopRule> => {
  const [, percent, length = ""] = /^failure-rate *> *([0-9]+(?:\.[0-9]+)?) *% +for +([0-9.hms]+)$/.exec(text) ?? [];
  if (percent === undefined) return bad(`stop-if "${text.slice(0, 80)}" is not a rule to stop by`);
  if (Number(percent) >= 100) return bad(`stop-if "${text}" can never hold: more than 100 % cannot fail`);
  const duration = parseDuration({ label: "The time of stop-if", text: length, shown: `"${length}"` }, LENGTH);
  if (!duration.ok) return duration;
  if (duration.value % 1000 !== 0) return bad(`stop-if "${text}" has a part of a second`);
  return parsed({
    metric: "failure-rate",
    above: share(Number((Number(percent) / 100).toFixed(8))),
    seconds: millisToSeconds(duration.value),
  });
};

/** The spelling that parses back to the same rule. */
export const formatStopRule = ({ metric, above, seconds }: StopRule): string =>
  `${metric} > ${Number((above * 100).toFixed(6))}% for ${formatDuration(secondsToMillis(seconds))}`;

/** What ended in one second, over all workers; `aborted` and `local-error` are in neither. */
export type SecondOutcome = { readonly answered: number; readonly failed: number };

/**
 * Looks at one second after the other; `true` when the rule holds: failures stayed above the limit for that long. A second
 * in which nothing ended neither breaks nor begins such a time: a target that hangs ends nothing until the timeout.
 */
export const stopWatch = (rule: StopRule): ((second: SecondOutcome) => boolean) => {
  let held = 0;
  return ({ answered, failed }) => {
    if (answered > 0 && failed / answered <= rule.above) held = 0;
    else if (answered > 0 || held > 0) held++;
    return answered > 0 && held >= rule.seconds;
  };
};

const bad = (message: string): Parsed<never> => refused([usageProblem("bad-value", `${message}.`, HINT)]);
