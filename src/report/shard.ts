/** What is said about a part of a load: how much was sent, and what is wrong with it. Nothing of it is judged. */
import { countFailures } from "../load/outcome.ts";
import { formatShard } from "../load/shard.ts";
import type { RunRecord } from "../record/record.ts";
import { codeSpan, escapeMarkdown, plainText } from "./escape.ts";
import { countOf, formatCount, formatDuration, formatMs } from "./format.ts";
import { type ResultJson, usageErrorJson } from "./json.ts";

/** One sentence; `measured` is whether any load was sent. */
export const shardHeadline = (record: RunRecord, measured: boolean): string => {
  const { totals, window, response, shard } = record;
  const which = shard === undefined ? "This shard" : `Shard ${formatShard(shard)}`;
  if (!measured) {
    const reason = record.validity.problems.find(({ severity }) => severity === "invalid");
    return plainText(`${which} sent no load: ${reason?.message ?? "it was stopped before"}`).replace(/\.$/, "");
  }
  const failed = countFailures(totals.outcomes);
  const p95 = response.p95 === null ? "" : `, p95 ${formatMs(response.p95)}`;
  return `${which} sent ${countOf(totals.requests, "request")} in ${formatDuration(Math.round(window.seconds))}, ${formatCount(failed)} failed${p95}; the merge judges`;
};

/** The job summary of a shard. */
export const renderShardSummary = (record: RunRecord, measured: boolean): string =>
  [
    `### ${measured ? "⏱️" : "❌"} ${escapeMarkdown(shardHeadline(record, measured))}`,
    "",
    ...record.validity.problems.map(
      ({ message, hint, code }) => `- ${escapeMarkdown(message)} *${escapeMarkdown(hint)}* (${codeSpan(code)})`,
    ),
    "",
  ].join("\n");

/** The result of a shard for programs: no verdict; the gate is open when a load was sent. */
export const shardJson = (record: RunRecord, measured: boolean, runRecord: string): ResultJson => ({
  ...usageErrorJson(record.validity.problems),
  gateOpen: measured,
  headline: shardHeadline(record, measured),
  runRecord,
});
