import { FILE_NAME, type InputRow, type Section, type ValueType } from "../input-row.ts";

const TEXT: ValueType = { type: "text", pattern: "[\\s\\S]+", form: "a text", example: "x" };
const FLAG: ValueType = { type: "boolean" };
const later = (name: string, section: Section, value: ValueType, about: string): InputRow => ({
  name,
  section,
  value,
  about,
  built: false,
});

/** Known by name, refused with one sentence until they are built. */
export const LATER_INPUTS: readonly InputRow[] = [
  later("environment", "target", TEXT, "Deployment environment whose newest deployment is the target."),
  later("stack-name", "target", TEXT, "CloudFormation stack whose outputs name the target."),
  later("base-url", "target", { type: "url" }, "Deployment of the base branch, for paired mode."),
  later("allow-production", "target", FLAG, "Lets the load go to a production deployment."),
  later("sigv4", "target", FLAG, "Signs requests for IAM-protected URLs."),
  later("rate", "load", TEXT, "Requests started per second, whatever the responses do."),
  later("stages", "load", TEXT, "Ramps, spikes and steps of users or rate."),
  later("scenario", "load", FILE_NAME, "Weighted tasks instead of one request."),
  later("pre-warm", "load", TEXT, "Simultaneous requests just before the window."),
  later("workers", "load", TEXT, "Threads that send the load."),
  later("max-cost", "load", TEXT, "US dollars that one run may cost."),
  later("stop-if", "load", TEXT, "Condition that ends the load early."),
  later("engine", "load", TEXT, "Another load generator instead of the built-in one."),
  later("base-functions", "aws", TEXT, "Lambda functions of the base deployment, for paired mode."),
  later("ecs", "aws", TEXT, "ECS service behind the target."),
  later("load-balancer", "aws", TEXT, "Load balancer in front of the target."),
  later("logs", "aws", FLAG, "Reads REPORT lines from the functions' logs."),
  later("segment-time", "baseline", TEXT, "Length of one segment in paired mode."),
  later("max-duration", "baseline", TEXT, "Longest time of paired mode."),
  later("shard", "top", TEXT, "Which part of the load this job sends, `1/4`."),
];
