import { nodeFiles } from "../../adapters/node/files.ts";
import type { Flags } from "../../config/flags.ts";
import { didYouMean, nearest } from "../../config/suggest.ts";
import { ExitCode, UserError, usageProblem } from "../../errors.ts";
import { explainMetric, type ToldMetric } from "../../judge/explain.ts";
import { parseResult, type ToldResult } from "../../judge/read-result.ts";
import { MAX_DOCUMENT } from "../../record/document.ts";
import { escapeJson, escapeLog } from "../../report/escape.ts";
import type { Streams } from "../streams.ts";

/**
 * `swarmgate explain RESULT [--metric ID]`: how one metric was decided, all that gate without an id. It tells and does not
 * gate: the exit code is 0.
 */
export const explainCommand = async ({ positionals, options }: Flags, streams: Streams): Promise<ExitCode> => {
  const [path = ""] = positionals;
  const id = options.metric;
  const result = await readResult(path);
  const metrics = id === null ? gating(result) : [metricOf(result, id)];
  if (options.json) streams.out(`${escapeJson(JSON.stringify(id === null ? metrics : metrics[0], null, 2))}\n`);
  else {
    const told = metrics.map((metric) => `${explainMetric(metric).map(harmless).join("\n")}\n`);
    streams.out([...(id === null ? [`${harmless(result.headline)}\n`] : []), ...told].join("\n"));
  }
  return ExitCode.gateOpen;
};

/** A result may come from anywhere: its texts must not speak to a terminal or a job log. The indentation is ours. */
const harmless = (line: string): string => `${/^ */.exec(line)?.[0] ?? ""}${escapeLog(line)}`;

const HINT = "Give what --json wrote: swarmgate compare ... --json > result.json.";

const readResult = async (path: string): Promise<ToldResult> => {
  const read = await nodeFiles().read(path, MAX_DOCUMENT);
  if (read.kind !== "text") {
    const what = read.kind === "absent" ? "does not exist" : `cannot be read: ${read.reason}`;
    throw new UserError([usageProblem("record-unreadable", `The file ${path} ${what}.`, HINT)]);
  }
  const result = parseResult(read.text);
  if (result.ok) return result.value;
  throw new UserError(
    result.problems.map((problem) => ({ ...problem, message: `${path}: ${problem.message}`, hint: HINT })),
  );
};

/** What gates, or all there is where nothing does. */
const gating = ({ metrics }: ToldResult): readonly ToldMetric[] => {
  const gates = metrics.filter((metric) => metric.gates);
  return gates.length > 0 ? gates : metrics;
};

const metricOf = ({ metrics }: ToldResult, id: string): ToldMetric => {
  const found = metrics.find((metric) => metric.id === id);
  if (found !== undefined) return found;
  const ids = metrics.map((metric) => metric.id);
  const all = ids.length === 0 ? "It holds no metric." : `It has ${ids.join(", ")}.`;
  throw new UserError([
    usageProblem(
      "bad-value",
      `The result holds no metric ${JSON.stringify(id.slice(0, 60))}.`,
      didYouMean(nearest(id, ids), all),
    ),
  ]);
};
