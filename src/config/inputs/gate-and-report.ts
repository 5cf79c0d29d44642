import type { InputRow } from "../input-row.ts";
import { KEY_NAME } from "./cloud-and-baseline.ts";

const REACTION = { type: "choice", values: ["pass", "warn", "fail"] } as const;

export const GATE_INPUTS = [
  {
    name: "limits",
    knownAs: ["limit", "thresholds", "threshold"],
    section: "gate",
    value: { type: "limits" },
    defaultNote: "the default limits",
    about:
      "What a metric may not exceed, one `metric: limit` a line; replaces the default limit of each metric it names.",
    built: true,
  },
  {
    name: "fail-on",
    section: "gate",
    value: { type: "choice", values: ["regression", "never"] },
    default: "regression",
    about: "`never` leaves the gate open whatever the verdict.",
    built: true,
  },
  {
    name: "on-inconclusive",
    section: "gate",
    value: REACTION,
    default: "warn",
    about: "What the gate does when a regression is suspected and not proved.",
    built: true,
  },
  {
    name: "on-invalid",
    section: "gate",
    value: REACTION,
    default: "fail",
    about: "What the gate does when the measurement is worthless.",
    built: true,
  },
  {
    name: "on-no-baseline",
    section: "gate",
    value: REACTION,
    default: "warn",
    about: "What the gate does when there is nothing to compare with.",
    built: true,
  },
] as const satisfies readonly InputRow[];

export const REPORT_INPUTS = [
  {
    name: "comment",
    section: "report",
    value: { type: "choice", values: ["always", "on-change", "on-fail", "never"] },
    default: "always",
    about: "When the pull request gets a comment.",
    built: true,
  },
  {
    name: "comment-key",
    section: "report",
    value: KEY_NAME,
    defaultNote: "the job id",
    about: "Runs with the same key edit the same comment.",
    built: true,
  },
  {
    name: "commit-status",
    section: "report",
    value: { type: "boolean" },
    default: "false",
    about: "Writes a commit status beside the job's own conclusion; needs `statuses: write`.",
    built: true,
  },
  {
    name: "html-report",
    section: "report",
    value: { type: "boolean" },
    default: "false",
    about:
      "Writes a self-contained HTML report with charts: an artifact of the action, `run.html` beside `run.json` on the command line.",
    built: true,
  },
  {
    name: "github-token",
    knownAs: ["token"],
    section: "report",
    value: { type: "text", pattern: "[!-~]+", form: "a token", example: `\${GITHUB_TOKEN}` },
    defaultNote: "the job's token in the action",
    actionDefault: `\${{ github.token }}`,
    about: "Token for comments, artifacts and commit statuses.",
    built: true,
    secret: true,
  },
  {
    name: "mode",
    section: "top",
    value: { type: "choice", values: ["gate", "shard", "merge", "report", "evaluate", "calibrate"] },
    default: "gate",
    about:
      "What this job does: `gate` measures and judges; `shard` sends its part of a load, `merge` adds the shards of this workflow run up and judges; `report` judges again what the run that ended measured, and comments for it (forks); `evaluate` judges again after a regression was accepted, without load; `calibrate` measures the noise of the target 15 times on the base branch and judges nothing.",
    built: true,
  },
  {
    name: "shard",
    section: "none",
    value: {
      type: "text",
      pattern: "[1-9][0-9]{0,2}/[1-9][0-9]{0,2}",
      form: "a shard and how many there are",
      example: "1/4",
    },
    defaultNote: "none: the whole load",
    about: "Which part of the load is sent from here, `1/4`; users, rates and bounds are those of the whole.",
    built: true,
  },
] as const satisfies readonly InputRow[];
