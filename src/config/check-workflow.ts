import { type Finding, fail, ok, warn } from "./finding.ts";
import { INPUTS, inputRow } from "./inputs.ts";
import { didYouMean, nearestInput } from "./suggest.ts";
import type { GateJob, Permissions, Workflow } from "./workflow-file.ts";

const CHECK = "workflow";
const MANUAL = "docs/configuration.md lists the inputs.";

/** Everything about one workflow with a gate that would make the gate unsafe, or of no use; one `ok` when there is nothing. */
export const checkWorkflow = (path: string, workflow: Workflow, hasConfig: boolean): readonly Finding[] => {
  const findings = [
    ...triggerFindings(path, workflow),
    ...workflow.gates.flatMap((gate) => gateFindings(path, gate, workflow.triggers)),
    ...workflow.gates.flatMap((gate) => (hasConfig ? checkoutFindings(`${path}, job ${gate.id}`, gate) : [])),
  ];
  return findings.length > 0 ? findings : [ok(CHECK, `${path} runs the gate with the permissions it needs.`)];
};

/** Events whose runs on the base branch store a baseline. */
const STORES_BASELINE: readonly string[] = ["push", "schedule", "workflow_dispatch"];

const triggerFindings = (path: string, { triggers }: Workflow): readonly Finding[] => [
  ...(triggers.includes("pull_request") || triggers.includes("pull_request_target")
    ? []
    : [warn(CHECK, `${path} does not run on pull requests.`, "Add pull_request to on.")]),
  ...(triggers.some((name) => STORES_BASELINE.includes(name))
    ? []
    : [warn(CHECK, `${path} never runs on the base branch, so there is no baseline.`, "Add push to on.")]),
];

const gateFindings = (path: string, gate: GateJob, triggers: readonly string[]): readonly Finding[] => [
  ...targetFindings(`${path}, job ${gate.id}`, gate, triggers),
  ...permissionFindings(`${path}, job ${gate.id}`, gate),
  ...inputFindings(`${path}, job ${gate.id}`, gate),
];

const HEAD = /github\.(event\.pull_request\.head\b|head_ref\b)|refs\/pull\//;

/** https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/ */
const targetFindings = (where: string, { before }: GateJob, triggers: readonly string[]): readonly Finding[] => {
  if (!triggers.includes("pull_request_target")) return [];
  const takesHead = before.some(
    ({ uses, inputs }) =>
      isCheckout(uses) && (HEAD.test(String(inputs["ref"] ?? "")) || HEAD.test(String(inputs["repository"] ?? ""))),
  );
  return [
    takesHead
      ? fail(
          CHECK,
          `${where} checks out the pull request's code under pull_request_target: anybody who can open one runs code with your secrets.`,
          "Run on pull_request instead.",
        )
      : warn(
          CHECK,
          `${where} runs on pull_request_target, whose runs are not compared with anything.`,
          "Run on pull_request.",
        ),
  ];
};

type Needed = {
  readonly scope: string;
  readonly right: "read" | "write";
  readonly level: "warn" | "fail";
  readonly without: string;
};

const permissionFindings = (where: string, gate: GateJob): readonly Finding[] => {
  const { permissions } = gate;
  if (permissions === null)
    return [
      warn(
        CHECK,
        `${where} leaves its permissions to the repository's default.`,
        `Write them out: ${neededBy(gate)
          .map(({ scope, right }) => `${scope}: ${right}`)
          .join(", ")}.`,
      ),
    ];
  return neededBy(gate)
    .filter((needed) => !isGranted(permissions, needed))
    .map(({ scope, right, level, without }) => ({
      level,
      check: CHECK,
      text: `${where} lacks the permission ${scope}: ${right}, so ${without}.`,
      mend: `Add ${scope}: ${right} to the job's permissions.`,
    }));
};

const neededBy = ({ inputs, before }: GateJob): readonly Needed[] => [
  { scope: "contents", right: "read", level: "fail", without: "no baseline is found" },
  { scope: "actions", right: "read", level: "fail", without: "no baseline is found" },
  ...(inputs["comment"] === "never"
    ? []
    : [{ scope: "pull-requests", right: "write", level: "warn", without: "there will be no comment" } as const]),
  ...(before.some(({ uses, inputs: given }) => LOGIN.test(uses) && "role-to-assume" in given)
    ? [{ scope: "id-token", right: "write", level: "fail", without: "the login to AWS fails" } as const]
    : []),
  ...(inputs["commit-status"] === "true"
    ? [{ scope: "statuses", right: "write", level: "warn", without: "there will be no commit status" } as const]
    : []),
];

const LOGIN = /^aws-actions\/configure-aws-credentials@/;

/** `write` holds `read`; `read-all` leaves out `id-token`, which knows no read. */
const isGranted = (permissions: Permissions, { scope, right }: Needed): boolean => {
  if (permissions === "write-all") return true;
  if (permissions === "read-all") return right === "read";
  const granted = permissions[scope];
  return granted === "write" || (right === "read" && granted === "read");
};

const inputFindings = (where: string, { inputs }: GateJob): readonly Finding[] =>
  Object.keys(inputs).flatMap((name) => {
    const row = inputRow(name.toLowerCase());
    if (row?.built === true) return [];
    if (row !== undefined) return [fail(CHECK, `${where} sets ${name}, which is not built yet.`, `Leave ${name} out.`)];
    return [fail(CHECK, `${where} sets ${name}, which is no input.`, didYouMean(nearestInput(name, INPUTS), MANUAL))];
  });

const checkoutFindings = (where: string, { before }: GateJob): readonly Finding[] =>
  before.some(({ uses }) => isCheckout(uses))
    ? []
    : [
        warn(
          CHECK,
          `${where} does not check the repository out, so .github/swarmgate.yml is not read.`,
          "Add actions/checkout before the gate.",
        ),
      ];

const isCheckout = (uses: string): boolean => uses.startsWith("actions/checkout@");
