import type { History } from "../baseline/baseline.ts";
import { appendHistory } from "../baseline/history.ts";
import type { Config } from "../config/config.ts";
import type { ErrorCode, Problem } from "../errors.ts";
import type { Publisher, Written } from "../ports.ts";
import { ACCEPT_SCHEMA, type Acceptance, type AcceptDocument } from "../record/acceptance.ts";
import { summarise } from "../record/summarise.ts";
import { statusDescription } from "../report/annotations.ts";
import { commentMarker, renderComment, renderSummary } from "../report/markdown.ts";
import type { ReportModel } from "../report/report.ts";
import { ACCEPT_FILE, acceptArtifact } from "./accepted-before.ts";
import type { GateResult } from "./gate-contract.ts";
import { historyArtifact, runArtifact } from "./stored-artifacts.ts";

export type PublishRequest = {
  readonly config: Config;
  readonly result: GateResult;
  readonly report: ReportModel;
  /** The HTML report, `null` when none was asked for. */
  readonly html: string | null;
  /** A run on the base branch also stores the history; a pull request stores its own record only. */
  readonly onBase: boolean;
  /** What was judged again is stored by the run that measured it. */
  readonly judgedAgain?: boolean;
  /** What somebody accepted of this run; an evaluation stores it, the base branch's history keeps it. */
  readonly accepted?: Acceptance | null;
  readonly publisher: Publisher;
};

export type PublishOutcome = { readonly commentId: number | null; readonly problems: readonly Problem[] };

/** Writes everything beside the verdict. What GitHub refuses becomes a problem to be told, and changes no verdict. */
export const publish = async (request: PublishRequest): Promise<PublishOutcome> => {
  const { config, result, report, html, publisher } = request;
  const { name } = config;
  // The summary is a local file: it is there even when the job is killed during the uploads.
  const summary = await publisher.summary(renderSummary(report));
  const [comment, run, history, page, acceptance, status] = await Promise.all([
    writeComment(request),
    request.judgedAgain === true
      ? SKIPPED
      : publisher.artifact(runArtifact(name), "run.json", JSON.stringify(result.record)),
    request.onBase ? publisher.artifact(historyArtifact(name), "history.json", historyText(request)) : SKIPPED,
    html === null ? SKIPPED : publisher.artifact(`swarmgate-${name}-report`, "report.html", html),
    storeAcceptance(request),
    config.report.commitStatus
      ? publisher.status(report.gateOpen ? "success" : "failure", statusDescription(report))
      : SKIPPED,
  ]);
  return {
    commentId: comment.ok && comment.value !== null ? comment.value.id : null,
    problems: [
      ...told("summary-not-written", summary),
      ...told("comment-not-written", comment),
      ...told("artifact-not-stored", run),
      ...told("artifact-not-stored", history),
      ...told("artifact-not-stored", page, "The verdict stands, and the job summary holds the same without charts."),
      ...told("artifact-not-stored", acceptance, "The gate is open; after the merge the step will look unaccepted."),
      ...told("status-not-written", status),
    ],
  };
};

/** The run on the base branch after the merge finds it by the pull request's number. */
const storeAcceptance = async ({
  config,
  publisher,
  judgedAgain,
  accepted,
}: PublishRequest): Promise<Written<unknown>> => {
  if (judgedAgain !== true || !accepted) return SKIPPED;
  const document: AcceptDocument = { schema: ACCEPT_SCHEMA, acceptance: accepted };
  return await publisher.artifact(
    acceptArtifact(config.name, accepted.pullRequest),
    ACCEPT_FILE,
    JSON.stringify(document),
  );
};

/**
 * Takes back what a run has published that was cancelled meanwhile: a comment or a status may stand there and say what
 * nobody may rely on. The artifact stays, it holds a measurement that came to its end.
 */
export const publishCancelled = async (
  request: Pick<PublishRequest, "config" | "result" | "report" | "publisher">,
): Promise<readonly Written<unknown>[]> => {
  const { config, result, report, publisher } = request;
  const summary = await publisher.summary(renderSummary(report));
  const marker = commentMarker(config.report.commentKey);
  const comments = config.report.comment !== "never" && result.record.git.pullRequest !== null;
  const rest = await Promise.all([
    comments ? publisher.comment(marker, renderComment(report, { marker }), { onlyIfPresent: true }) : SKIPPED,
    config.report.commitStatus ? publisher.status("failure", statusDescription(report)) : SKIPPED,
  ]);
  return [summary, ...rest];
};

const SKIPPED: Written<null> = { ok: true, value: null };

/** `on-change` and `on-fail` comment when there is something to say, and afterwards keep the comment true. */
const writeComment = async ({
  config,
  result,
  report,
  publisher,
}: PublishRequest): Promise<Written<{ id: number } | null>> => {
  const mode = config.report.comment;
  if (mode === "never" || result.record.git.pullRequest === null) return SKIPPED;
  const worthIt = mode === "always" || (mode === "on-fail" ? !report.gateOpen : isChange(report));
  const marker = commentMarker(config.report.commentKey);
  return await publisher.comment(marker, renderComment(report, { marker }), { onlyIfPresent: !worthIt });
};

const isChange = ({ verdict, face }: ReportModel): boolean => verdict !== "pass" && face !== "neutral";

const historyText = ({ result: { history, record }, accepted = null }: PublishRequest): string => {
  const summary = summarise(record);
  const carried: History = appendHistory(history, accepted === null ? summary : { ...summary, accepted });
  return JSON.stringify(carried);
};

const HINTS: Partial<Record<ErrorCode, string>> = {
  "comment-not-written":
    "The verdict stands and the job summary holds the same report; comments need the permission pull-requests: write, for forks a second workflow with mode: report.",
  "artifact-not-stored": "The verdict stands; the next comparison will miss this run.",
  "artifact-name-taken": "Give each job or matrix entry a name of its own: the input `name`.",
  "status-not-written": "commit-status: true needs the permission statuses: write.",
  "summary-not-written": "The comment and the run record hold the same.",
};

const told = (code: ErrorCode, written: Written<unknown>, hint?: string): readonly Problem[] =>
  written.ok
    ? []
    : [
        {
          code: written.code ?? code,
          severity: "warning",
          message: written.reason,
          hint: (written.code === undefined ? hint : undefined) ?? HINTS[written.code ?? code] ?? "",
        },
      ];
