import { type Finding, fail, ok, warn } from "./finding.ts";
import { bringsItsBase, type NeededRight, neededBy } from "./gate-rights.ts";
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

/** Events that measure a pull request. */
const MEASURES: readonly string[] = [
  "pull_request",
  "pull_request_target",
  "deployment_status",
  "workflow_run",
  "repository_dispatch",
];
/** Events whose runs on the base branch store a baseline. */
const STORES_BASELINE: readonly string[] = [
  "push",
  "schedule",
  "workflow_dispatch",
  "deployment_status",
  "repository_dispatch",
];
/** Events that modes are made for which judge what another workflow has measured. */
const AGAIN: Readonly<Record<string, readonly string[]>> = {
  report: ["workflow_run"],
  evaluate: ["pull_request", "issue_comment"],
};

const triggerFindings = (path: string, { triggers, gates }: Workflow): readonly Finding[] => {
  const again = gates.flatMap(({ inputs }) => AGAIN[String(inputs["mode"])] ?? []);
  if (again.length > 0)
    return again.some((name) => triggers.includes(name))
      ? []
      : [warn(CHECK, `${path} judges again, and is not started by what it judges.`, `Add ${again[0]} to on.`)];
  return [
    ...(triggers.some((name) => MEASURES.includes(name))
      ? []
      : [warn(CHECK, `${path} does not run on pull requests.`, "Add pull_request to on.")]),
    ...(gates.every(({ inputs }) => bringsItsBase(inputs)) || triggers.some((name) => STORES_BASELINE.includes(name))
      ? []
      : [warn(CHECK, `${path} never runs on the base branch, so there is no baseline.`, "Add push to on.")]),
  ];
};

const gateFindings = (path: string, gate: GateJob, triggers: readonly string[]): readonly Finding[] => [
  ...targetFindings(`${path}, job ${gate.id}`, gate, triggers),
  ...permissionFindings(`${path}, job ${gate.id}`, gate, triggers),
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
          `${where} runs on pull_request_target, with the rights and secrets of the base branch.`,
          "Run on pull_request.",
        ),
  ];
};

const permissionFindings = (where: string, gate: GateJob, triggers: readonly string[]): readonly Finding[] => {
  const { permissions } = gate;
  const needs = neededBy(gate, triggers);
  if (permissions === null)
    return [
      warn(
        CHECK,
        `${where} leaves its permissions to the repository's default.`,
        `Write them out: ${needs.map(({ scope, right }) => `${scope}: ${right}`).join(", ")}.`,
      ),
    ];
  return needs
    .filter((needed) => !isGranted(permissions, needed))
    .map(({ scope, right, level, without }) => ({
      level,
      check: CHECK,
      text: `${where} lacks the permission ${scope}: ${right}, so ${without}.`,
      mend: `Add ${scope}: ${right} to the job's permissions.`,
    }));
};

/** `write` holds `read`; `read-all` leaves out `id-token`, which knows no read. */
const isGranted = (permissions: Permissions, { scope, right }: NeededRight): boolean => {
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
