import type { InputRow, Section, ValueType } from "../input-row.ts";

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
  later("allow-production", "target", FLAG, "Lets the load go to a production deployment."),
  later("sigv4", "target", FLAG, "Signs requests for IAM-protected URLs."),
  later("max-cost", "load", TEXT, "US dollars that one run may cost."),
  later("engine", "load", TEXT, "Another load generator instead of the built-in one."),
  later("ecs", "aws", TEXT, "ECS service behind the target."),
  later("load-balancer", "aws", TEXT, "Load balancer in front of the target."),
];
