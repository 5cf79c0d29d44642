import { type ErrorCode, type Problem, usageProblem } from "../errors.ts";
import { type EpochMs, type Millis, millis } from "../units.ts";
import { isProduction, matchesEnvironment, type SeenDeployment } from "./deployment.ts";
import { durationText } from "./not-ready.ts";

export type PreviewRules = {
  /** `environment`, a glob; `null` takes whatever was offered. */
  readonly environment: string | null;
  readonly allowProduction: boolean;
  /** Commit that must be deployed. */
  readonly sha: string | null;
  readonly timeout: Millis;
  readonly deadline: EpochMs;
};

/** What GitHub said to one look: its deployments newest first, or why there is no answer. */
export type PreviewLook =
  | { readonly kind: "seen"; readonly deployments: readonly SeenDeployment[] }
  /** `final`: asking again would not help. */
  | { readonly kind: "unread"; readonly reason: string; readonly final: boolean };

export type PreviewStep =
  | { readonly kind: "found"; readonly deployment: SeenDeployment; readonly url: string }
  | { readonly kind: "wait"; readonly text: string; readonly time: Millis }
  /** The run cannot be judged, or (severity `usage`) must be asked for differently. */
  | { readonly kind: "give-up"; readonly problem: Problem };

/**
 * Which deployment is the target, after one look. Within an environment the newest decides while it is coming; one that
 * failed or was switched off leaves the place to the newest successful one before it.
 */
export const previewStep = (rules: PreviewRules, look: PreviewLook, now: EpochMs): PreviewStep => {
  if (look.kind === "unread")
    return look.final
      ? giveUp("deployments-not-readable", look.reason)
      : waitOr(rules, now, look.reason, "deployments-not-readable");
  const wanted = look.deployments.filter(({ environment }) => isWanted(rules, environment));
  const names = [...new Set(wanted.map(({ environment }) => environment))];
  const [first] = wanted;
  if (first === undefined) return waitOr(rules, now, noneText(rules), "deployment-not-found");
  if (names.length > 1)
    return refuse(
      "several-environments",
      `${shownPattern(rules)} matches the environments ${names.map(quoted).join(", ")}.`,
    );
  const chosen = wanted.find(({ state }) => state === "success" || isComing(state)) ?? first;
  if (isProduction(chosen) && !rules.allowProduction)
    return refuse("production-refused", `The deployment in ${quoted(chosen.environment)} is a production deployment.`);
  return stepOf(rules, chosen, now);
};

/** Whether a deployment of this environment can be the target at all: no others need to be asked about. */
export const isWanted = ({ environment: pattern }: Pick<PreviewRules, "environment">, environment: string): boolean =>
  pattern === null || matchesEnvironment(pattern, environment);

/** Why load must not go to `url` although the workflow names it: it is the production deployment that started the run. */
export const productionProblem = (
  url: string,
  { offered, allowProduction }: { readonly offered: SeenDeployment | null; readonly allowProduction: boolean },
): Problem | null => {
  if (offered === null || offered.url === null || allowProduction || !isProduction(offered)) return null;
  if (new URL(offered.url).host !== new URL(url).host) return null;
  const message = `${new URL(url).host} is the production deployment in ${quoted(offered.environment)}.`;
  return usageProblem("production-refused", message, HINTS["production-refused"]);
};

const stepOf = (rules: PreviewRules, deployment: SeenDeployment, now: EpochMs): PreviewStep => {
  const { state, environment, url, description } = deployment;
  const place = `The deployment in ${quoted(environment)}`;
  const because =
    description === null ? "" : ` (${description.replaceAll(/\s+/g, " ").replace(/\.+$/, "").slice(0, 200)})`;
  switch (state) {
    case "success":
      return url === null
        ? giveUp("deployment-without-url", `${place} is there, and its status names no address`)
        : { kind: "found", deployment, url };
    case "failure":
      return giveUp("deployment-failed", `${place} failed${because}`);
    case "error":
      return giveUp("deployment-error", `${place} ended in an error${because}`);
    case "inactive":
      return giveUp("deployment-inactive", `${place} is inactive: it was replaced or switched off`);
    default:
      return waitOr(
        rules,
        now,
        `the deployment in ${quoted(environment)} is ${STATES[state] ?? "in an unknown state"}`,
        "deployment-not-ready",
      );
  }
};

const STATES: Readonly<Record<string, string>> = {
  pending: "pending",
  queued: "queued",
  in_progress: "in progress",
  waiting: "waiting for an approval",
};

const isComing = (state: string): boolean => !["success", "failure", "error", "inactive"].includes(state);

/** Five seconds at first, ten later: the popular waiters' two seconds meet GitHub's secondary rate limit. */
const SOON = 5_000;
const LATER = 10_000;
const SOON_FOR = 60_000;

const waitOr = ({ timeout, deadline }: PreviewRules, now: EpochMs, text: string, code: PreviewCode): PreviewStep => {
  const left = deadline - now;
  if (left <= 0) return giveUp(code, `The target was not found within ${durationText(timeout)}: ${text}`);
  const gap = timeout - left < SOON_FOR ? SOON : LATER;
  return { kind: "wait", text, time: millis(Math.min(gap, left)) };
};

const noneText = ({ environment, sha }: PreviewRules): string =>
  `GitHub has no deployment of ${sha?.slice(0, 7) ?? "this commit"} ${environment === null ? "yet" : `in ${quoted(environment)} yet`}`;

const shownPattern = ({ environment }: PreviewRules): string =>
  environment === null ? "This commit" : `environment ${quoted(environment)}`;

type PreviewCode = Extract<
  ErrorCode,
  | "deployment-not-found"
  | "deployment-not-ready"
  | "deployment-failed"
  | "deployment-error"
  | "deployment-inactive"
  | "deployment-without-url"
  | "deployments-not-readable"
  | "several-environments"
  | "production-refused"
>;

const HINTS: Readonly<Record<PreviewCode, string>> = {
  "deployment-not-found":
    "Check environment against the names under Deployments on the repository's page, that this commit is deployed, and raise ready-timeout if it comes later.",
  "deployment-not-ready": "Look at the deployment's own log; raise ready-timeout if it only needs longer.",
  "deployment-failed": "Look at the deployment's own log, mend it and push.",
  "deployment-error": "The host could not carry the deployment out: look at its log, deploy again, and re-run the job.",
  "deployment-inactive": "Deploy this commit again and re-run the job, or push.",
  "deployment-without-url": "Let the deployment's status name environment_url, or give url.",
  "deployments-not-readable": "The job needs the permission deployments: read; without it give url.",
  "several-environments": "Name one of them in environment; a monorepo has one gate for each.",
  "production-refused":
    "Point environment at a preview, or set allow-production: true if production is what you mean to load.",
};

const giveUp = (code: PreviewCode, text: string): PreviewStep => ({
  kind: "give-up",
  problem: { code, severity: "invalid", message: `${text}.`, hint: HINTS[code] },
});
const refuse = (code: PreviewCode, message: string): PreviewStep => ({
  kind: "give-up",
  problem: usageProblem(code, message, HINTS[code]),
});

const quoted = (text: string): string => `"${text.slice(0, 100)}"`;
