import type { GateJob } from "./workflow-file.ts";

/** A permission of a job's token, and what becomes of the gate without it. */
export type NeededRight = {
  readonly scope: string;
  readonly right: "read" | "write";
  readonly level: "warn" | "fail";
  readonly without: string;
};

/** What a job with this step needs, by its mode and inputs; `docs/permissions.md` says why. */
export const neededBy = (gate: GateJob, triggers: readonly string[]): readonly NeededRight[] => [
  ...(gate.inputs["mode"] === "shard" ? [] : judging(gate)),
  ...(gate.inputs["environment"] !== undefined && triggers.some((name) => name !== "deployment_status")
    ? [{ scope: "deployments", right: "read", level: "fail", without: "the deployment is not found" } as const]
    : []),
  ...(gate.before.some(({ uses, inputs: given }) => LOGIN.test(uses) && "role-to-assume" in given)
    ? [{ scope: "id-token", right: "write", level: "fail", without: "the login to AWS fails" } as const]
    : []),
];

/** A shard judges nothing, and finds the others by artifacts of its own run. */
const judging = ({ inputs }: GateJob): readonly NeededRight[] => [
  ...(bringsItsBase(inputs)
    ? []
    : [
        { scope: "contents", right: "read", level: "fail", without: "no baseline is found" } as const,
        { scope: "actions", right: "read", level: "fail", without: "no baseline is found" } as const,
      ]),
  ...(inputs["comment"] === "never"
    ? []
    : [{ scope: "pull-requests", right: "write", level: "warn", without: "there will be no comment" } as const]),
  ...(String(inputs["commit-status"]) === "true"
    ? [{ scope: "statuses", right: "write", level: "warn", without: "there will be no commit status" } as const]
    : []),
];

/** Paired mode, or none but absolute limits: no earlier run is needed. */
export const bringsItsBase = (inputs: GateJob["inputs"]): boolean =>
  inputs["base-url"] !== undefined || inputs["baseline"] === "none";

const LOGIN = /^aws-actions\/configure-aws-credentials@/;
