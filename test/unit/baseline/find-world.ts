import { type BaselineFound, type BaselineRequest, findBaseline } from "../../../src/gate/find-baseline.ts";
import type { ArtifactRead, BaseHistory, WorkflowRun } from "../../../src/ports.ts";
import type { RunRecord } from "../../../src/record/record.ts";
import type { RunSummary } from "../../../src/record/summary.ts";
import { epochMs } from "../../../src/units.ts";
import { fakeLog } from "../../fake-log.ts";
import { config, record } from "../record/sample-record.ts";
import { summary } from "./sample-summary.ts";

export const WORKFLOW = ".github/workflows/gate.yml";
export const HEAD = summary(900, { sha: "headsha", runId: 999 });

export const workflowRun = (id: number, some: Partial<WorkflowRun> = {}): WorkflowRun => ({
  id,
  event: "push",
  status: "completed",
  conclusion: "success",
  headSha: `sha${id}`,
  headBranch: "main",
  path: WORKFLOW,
  repositoryId: 42,
  headRepositoryId: 42,
  createdAt: "",
  ...some,
});

export const json = (value: unknown): ArtifactRead => ({
  kind: "bytes",
  bytes: new TextEncoder().encode(JSON.stringify(value)),
});
export const historyOf = (...runs: readonly RunSummary[]) => json({ schema: "swarmgate.history/v1", runs });
export const recordOf = (n: number, some: Parameters<typeof record>[0] = {}): RunRecord => {
  const made = record({ id: `run-${n}`, git: { ...record().git, sha: `sha${n}`, runId: n }, ...some });
  return { ...made, window: { ...made.window, start: summary(n).start } };
};

export type Shelf = Readonly<Record<string, ArtifactRead>>;

/** GitHub as the port sees it: artifacts by `run:file`, and a clock that jumps when somebody sleeps. */
export const setUp = (given: {
  readonly line?: readonly string[];
  readonly runs: readonly WorkflowRun[] | ((polls: number) => readonly WorkflowRun[]);
  readonly shelf?: Shelf;
  readonly request?: Partial<BaselineRequest>;
}) => {
  const reads: string[] = [];
  const log: string[] = [];
  let now = Date.UTC(2026, 10, 21);
  let polls = 0;
  const history: BaseHistory = {
    ancestors: async () => given.line ?? ["sha9", "sha8", "sha7"],
    runs: async () => {
      polls += 1;
      return typeof given.runs === "function" ? given.runs(polls) : given.runs;
    },
    artifact: async ({ runId, artifact, file }) => {
      reads.push(`${runId}:${artifact}:${file}`);
      return given.shelf?.[`${runId}:${file}`] ?? { kind: "absent" };
    },
  };
  const request: BaselineRequest = {
    config: config(),
    head: HEAD,
    git: { ...record().git, sha: "headsha", branch: "feature", pullRequest: 7, event: "pull_request", runId: 999 },
    workflow: WORKFLOW,
    file: null,
    ports: {
      history,
      clock: {
        now: () => epochMs(now),
        sleep: async (time) => {
          now += time;
        },
      },
      log: fakeLog(() => now, log),
    },
    ...given.request,
  };
  return {
    find: () => findBaseline(request),
    reads,
    log,
    waited: () => now - Date.UTC(2026, 10, 21),
    polls: () => polls,
  };
};

export const runIds = ({ baseline }: BaselineFound): readonly string[] =>
  baseline.kind === "found" ? baseline.runs.map((run) => run.id) : [];
export const notes = ({ baseline }: BaselineFound): string =>
  baseline.kind === "absolute" ? "" : baseline.notes.join("\n");
