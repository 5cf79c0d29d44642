import type { ErrorCode } from "../errors.ts";
import type { CatalogueEntry } from "./catalogue-entry.ts";

/** The one list of every problem; `docs/errors.md` is written from it, each code being an anchor there. */
export const CATALOGUE: Readonly<Record<ErrorCode, CatalogueEntry>> = {
  "unknown-input": {
    group: "usage",
    meaning: "An input, flag or config key that swarmgate does not know.",
    mend: "Mend the spelling; [configuration.md](configuration.md) lists them all.",
  },
  "unknown-command": {
    group: "usage",
    meaning: "The first word after `swarmgate` is not a command.",
    mend: "`swarmgate --help` lists them.",
  },
  "bad-value": {
    group: "usage",
    meaning: "A value that cannot be read as what the input takes, or lies outside its bounds.",
    mend: "The sentence shows the value, the hint a good one.",
  },
  "missing-value": {
    group: "usage",
    meaning: "Something needed is not there: most often no `url` to hit.",
    mend: "Give it as an input, a flag or a key of the config file.",
  },
  "conflicting-values": {
    group: "usage",
    meaning: "Two inputs that cannot both hold, such as `url` and its alias `host` with different values.",
    mend: "Keep one of the two.",
  },
  "not-built-yet": {
    group: "usage",
    meaning: "The command or input exists in the specification and not in this version.",
    mend: "Leave it out.",
  },
  "unset-variable": {
    group: "usage",
    meaning:
      "A variable that the configuration names (a dollar sign and the name in braces) is not set in the environment, or is empty.",
    mend: "Set it in the step's `env:`, or remove the reference. Pull requests from forks get no secrets.",
    symptom: "It works on main and not on a pull request from a fork",
  },
  "unreadable-file": {
    group: "usage",
    meaning: "A file that was named cannot be read: it does not exist, is too large, or is not text.",
    mend: "Check the path; in a workflow, `actions/checkout` has to run before the gate.",
    symptom: "A file of the repository is not found in the job",
  },
  "host-not-allowed": {
    group: "usage",
    meaning: "swarmgate refuses link-local and cloud metadata addresses, and hosts it was not pointed at.",
    mend: "Add the host to `allowed-hosts` if load may be sent there.",
  },
  "record-unreadable": {
    group: "usage",
    meaning: "A file given as a run record or history is not JSON, or is larger than 20 MB.",
    mend: "Give the file that `run --out` wrote, or the artifact's `run.json`.",
  },
  "record-invalid": {
    group: "usage",
    meaning: "A file is JSON, but not a run record or history of a version this swarmgate reads.",
    mend: "Every problem in it is listed with its path. A record of a newer version needs a newer swarmgate.",
  },
  "artifact-name-taken": {
    group: "usage",
    meaning: "Two jobs of one workflow run store artifacts under one name, typically two jobs of a matrix.",
    mend: "Give each a `name` of its own.",
  },
  "function-not-found": {
    group: "usage",
    meaning: "Lambda knows no function, alias or version of that name in this region and account.",
    mend: "Check `functions` and `aws-region`, and whose credentials the job has.",
  },
  "service-not-found": {
    group: "usage",
    meaning: "ECS knows no cluster, or no service in it, of the names that `ecs` gives, in this region and account.",
    mend: "Check `ecs` and `aws-region`, and whose credentials the job has.",
  },
  "stack-not-usable": {
    group: "usage",
    meaning: "The stack that `stack-name` names does not exist, may not be read, or does not say which URL to load.",
    mend: "Give `url`, or add an output with it.",
  },
  "several-environments": {
    group: "usage",
    meaning: "`environment` matches several environments of GitHub in which this commit is deployed, as in a monorepo.",
    mend: "Name one; each project has a gate of its own.",
  },
  "production-refused": {
    group: "usage",
    meaning:
      "The deployment is a production deployment: its environment is flagged so by GitHub, or is called `production` or `prod`.",
    mend: "Point `environment` at a preview, or set `allow-production: true`.",
  },
  "node-too-old": {
    group: "usage",
    meaning: "The command line needs Node 24.",
    mend: "Install it; the GitHub Action brings its own.",
  },
  "file-exists": {
    group: "usage",
    meaning:
      "`init` never overwrites: it writes its files only where none of them is there. `demo` empties no folder but its own.",
    mend: "Move the named ones away, or edit them instead; give `demo --out` a folder of its own.",
  },
  "several-stacks": {
    group: "usage",
    meaning:
      "`init` found the marker files of several kinds of deployment and could not ask which is meant, because nobody sits at a terminal.",
    mend: "Name one with `--stack`.",
  },
  "not-at-the-root": {
    group: "usage",
    meaning: "GitHub reads workflows from the root of a repository only.",
    mend: "Run `init` there; `--stack` names the deployment when its files are in a folder below.",
  },
  "target-not-ready": {
    group: "run",
    meaning:
      "The target did not answer `ready-path` with `ready-status` three times in a row before `ready-timeout`. The sentence names the last status or the cause (name not resolved, connection refused, TLS, time-out).",
    mend: "Follow the hint: it depends on that cause. `swarmgate doctor --url URL` tries one request.",
    symptom: "The job waits for the preview until the time is over",
  },
  "deployment-not-found": {
    group: "run",
    meaning: "GitHub had no deployment of this commit in `environment` before `ready-timeout`.",
    mend: "Check the name, and that this commit is deployed at all.",
    symptom: "The job waits for the preview until the time is over",
  },
  "deployment-not-ready": {
    group: "run",
    meaning: "The deployment was still pending, queued or in progress when `ready-timeout` ended.",
    mend: "Raise `ready-timeout`, or start the gate by `deployment_status`.",
    symptom: "The job waits for the preview until the time is over",
  },
  "deployment-failed": {
    group: "run",
    meaning: "The deployment of this commit failed, and there is no earlier successful one of it.",
    mend: "The deployment's own log says why.",
  },
  "deployment-error": {
    group: "run",
    meaning: "The host could not carry the deployment out.",
    mend: "Deploy again and re-run the job.",
  },
  "deployment-inactive": {
    group: "run",
    meaning: "The deployment of this commit was replaced or switched off, so nothing of it is left to load.",
    mend: "Deploy this commit again, or let the gate run for the newest one.",
  },
  "deployment-without-url": {
    group: "run",
    meaning:
      "The deployment succeeded and its status names no `environment_url` (a `target_url` that is the page of a log does not count).",
    mend: "Give `url`, or let the deployment say its URL.",
  },
  "deployments-not-readable": {
    group: "run",
    meaning: "GitHub did not tell the deployments of this commit.",
    mend: "The job needs `deployments: read`: [permissions.md](permissions.md).",
  },
  "target-refused": {
    group: "run",
    meaning: "More than 90 % of the requests were answered 401, 403 or 404: the load never reached the code.",
    mend: "Check the path, and `headers` for a protected preview.",
    symptom: "The preview is protected by a login page",
  },
  "target-redirects": {
    group: "run",
    meaning: "More than 90 % of the requests were redirected, so the target itself was not loaded.",
    mend: "Point `url` at the final address.",
  },
  "target-failing": {
    group: "run",
    meaning:
      "More than half of the requests failed and there is no healthy baseline to compare with, so nobody can say whether this change did it.",
    mend: "Look at the failures in the report, mend the target, and run it again.",
  },
  "generator-saturated": {
    group: "run",
    meaning:
      "The load generator was at its own limit, so its latencies are not the target's. In paired mode a disturbed round is left out and measured again ([paired.md](paired.md#what-ends-it-early)); as a note it says how many were.",
    mend: "Use fewer users per runner or a larger runner; the sentence names the signal.",
    symptom: "A test on a small runner is invalid now and then",
  },
  "worker-lost": {
    group: "run",
    meaning: "A load worker died during the run. The figures up to its last report are kept, and are not judged.",
    mend: "Run it again; report it if it happens twice.",
  },
  "changed-by-hand": {
    group: "run",
    meaning:
      "Users or spawn rate were changed on the live page (`run --ui`) while the load ran, so it is no longer the load that was planned and compares with nothing.",
    mend: "Give the users and the spawn rate that you want before the run. [live-page.md](live-page.md) says more.",
  },
  interrupted: {
    group: "run",
    meaning: "The run was cancelled. What was measured is kept in the record, and never passes.",
    mend: "Run it again to the end; `cancel-in-progress` of the workflow cancels it on the next push.",
  },
  "fingerprint-mismatch": {
    group: "run",
    meaning:
      "The two sides were measured with different loads, so a difference would say nothing about the code. The sentence names each field.",
    mend: "Use the same load on both sides; after a change of the load the next push to the base branch is the new baseline.",
    symptom: "I changed users or the scenario and nothing is compared any more",
  },
  "deployment-changed": {
    group: "run",
    meaning:
      "Code, configuration, alias or concurrency settings of a function changed between the start and the end of the load, so that two versions were measured as one.",
    mend: "Let the deployment finish first, and keep two runs from deploying to one place.",
  },
  "no-requests": {
    group: "run",
    meaning: "No request was answered, so there is nothing to judge.",
    mend: "Look at the failures in the report: the first examples of each class are there.",
  },
  "too-few-rounds": {
    group: "run",
    meaning:
      "`calibrate` needs 6 valid rounds to say how much the target scatters. The sentence counts them, and each refused round says why it does not count. The history stays as it was.",
    mend: "Mend what the refused rounds name, and calibrate again.",
  },
  "too-few-samples": {
    group: "metric",
    meaning: "A percentile needs enough `ok` responses: p50 100, p90 200, p95 400, p99 10,000.",
    mend: "Raise `run-time` or `users`.",
  },
  "head-failing": {
    group: "metric",
    meaning:
      "More than 10 % of the candidate's requests failed. The latency of the remaining ones may still prove a regression, but neither a pass nor an improvement.",
    mend: "Mend the failures first.",
  },
  "cloud-incomplete": {
    group: "metric",
    meaning:
      "CloudWatch had not counted what was sent when `metrics-timeout` ended. In paired mode also: both sides name the same function, or not as many ([paired.md](paired.md#lambdas-figures)).",
    mend: "Raise it; metrics can be minutes late.",
    symptom: "Lambda's metrics are missing in the report",
  },
  "cloud-denied": {
    group: "metric",
    meaning: "AWS refused the metrics, or the credentials are of no use.",
    mend: "The job needs credentials with `cloudwatch:GetMetricData`: [permissions.md](permissions.md). `swarmgate doctor` tries each right.",
    symptom: "Lambda's metrics are missing in the report",
  },
  "cloud-contaminated": {
    group: "metric",
    meaning:
      "AWS counted more invocations than were sent: something else uses the function. Throttles, concurrency and cost cannot be attributed; Duration is kept with a note.",
    mend: "Give each pull request a deployment of its own, and keep monitors away from it.",
  },
  "network-moved": {
    group: "metric",
    meaning:
      "The connect time explains the change of the client's latency while Lambda's Duration stayed flat: the network moved, not the code.",
    mend: "Run it again; a limit for `lambda-duration` does not see the network.",
  },
  "tasks-differ": {
    group: "metric",
    meaning:
      "One side has a task that the other has not. It is left out of both sides' totals; AWS's figures cannot be taken apart by task, so they are shown and not compared.",
    mend: "After the merge the base branch has the same tasks again. Absolute limits are judged all the same.",
  },
  "no-baseline": {
    group: "beside",
    meaning: "Nothing trustworthy to compare with was found. Absolute limits are still judged.",
    mend: "The first push to the base branch stores a baseline; the job needs `contents: read` and `actions: read`.",
    symptom: "The verdict is no-baseline on every pull request",
  },
  "baseline-refused": {
    group: "beside",
    meaning:
      "A stored run was not usable as a baseline (expired, other load, unreadable, from a fork ...), and the search went on without it.",
    mend: "Nothing, unless it is the last one: then push to the base branch once more.",
  },
  "comment-not-written": {
    group: "beside",
    meaning:
      "GitHub refused the comment, most often because the token is read-only (pull requests from forks). The job summary holds the same report and the verdict stands.",
    mend: "Give the job `pull-requests: write`, or set `comment: never`.",
    symptom: "There is no comment on the pull request",
  },
  "artifact-not-stored": {
    group: "beside",
    meaning:
      "The run record or history could not be stored as an artifact. The verdict stands; the next comparison will miss this run.",
    mend: "Run the job again; the sentence has GitHub's reason.",
  },
  "status-not-written": {
    group: "beside",
    meaning: "GitHub refused the commit status.",
    mend: "`statuses: write` is needed for `commit-status: true`.",
  },
  "summary-not-written": {
    group: "beside",
    meaning: "The job summary could not be written.",
    mend: "The comment and the log hold the result; the sentence has the reason.",
  },
  "limit-not-decidable": {
    group: "beside",
    meaning: "The noise of this comparison is larger than the limit, so it can neither pass nor fail.",
    mend: "The sentence says which limit could be decided; paired mode and more runs of the base sharpen the comparison.",
    symptom: "The verdict is inconclusive again and again",
  },
  "concurrency-limit": {
    group: "beside",
    meaning:
      "Said before the load starts: the users of this load can have more requests in flight than the function's reserved concurrency or the account's limit lets run, so throttles would be the quota's and not the change's. New accounts have a limit of 10. A reserved concurrency of 0 switches a function off, and the run is refused.",
    mend: "Use fewer users, or have the quota raised.",
    symptom: "Requests are throttled in a new AWS account",
  },
  "same-record": {
    group: "beside",
    meaning: "The same run is on both sides. It is judged, and proves nothing.",
    mend: "Give the record of another run.",
  },
  "import-unreadable": {
    group: "usage",
    meaning:
      "A result file of another tool that cannot be read: a line that is no line of its format, a number that is not finite, negative or beyond 24 hours, an end that is cut off, or content of no tool that is known. The sentence names the line.",
    mend: "`--drop-bad-lines` leaves out up to 1 % of the lines and says how many. [import.md](import.md) lists the formats.",
  },
  "import-refused": {
    group: "usage",
    meaning:
      "A file that is known and whose figures would mislead: percentiles of percentiles, or of nobody knows how many requests.",
    mend: "The hint says which file of the same tool to give instead.",
  },
  "credentials-missing": {
    group: "usage",
    meaning: "`sigv4` is to sign the requests and there are no AWS credentials, or they cannot be read.",
    mend: "Run `aws-actions/configure-aws-credentials` before the gate, or set `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, for temporary ones, `AWS_SESSION_TOKEN`.",
  },
  "max-cost-exceeded": {
    group: "usage",
    meaning:
      "The run would cost more than `max-cost` by an estimate before it starts; the sentence says how it was made.",
    mend: "Make the load smaller, or raise `max-cost`. [aws.md](aws.md#cost) has the formula.",
  },
  "not-a-shard": {
    group: "usage",
    meaning:
      "A file given to `swarmgate merge` is a run record of a whole load, or the shards of this workflow run belong to several gates.",
    mend: "Give records of `run --shard`, and set `name` in the jobs that send and in the one that merges.",
  },
  "scenario-blocked": {
    group: "run",
    meaning:
      "A task of a scenario module kept its thread busy for about five seconds: a loop without an end, a long calculation, a synchronous call that waits. No user of that thread could go on, so the load was ended there. What had been measured up to a second before is in the record.",
    mend: "Let the task wait asynchronously, or end its loop. [scenario.md](scenario.md#in-typescript-or-javascript).",
  },
  "shard-missing": {
    group: "run",
    meaning:
      "Not all shards of a load are there. While they wait for each other: one has not come before `ready-timeout`, because its job failed, was not started, or has another `name` or count. While they are merged: one has left no record.",
    mend: "Look at the jobs that are missing, and re-run all jobs: the shards of two attempts have not sent their load at the same time.",
  },
  "shard-double": {
    group: "run",
    meaning: "Two of the records to be merged are the same shard.",
    mend: "Give each once.",
  },
  "shards-apart": {
    group: "run",
    meaning:
      "The shards have not sent their load at the same time, so that together they are not the load that was planned. As a warning: some began more than a second after the first.",
    mend: "Re-run all jobs of the workflow, or start the shards together.",
  },
  "not-in-import": {
    group: "metric",
    meaning: "The imported file does not hold the figure, so the metric is `inconclusive`: never 0, never a pass.",
    mend: "Give a file that holds every request, or set the metric's limit to `off`. [import.md](import.md) says what each format holds.",
  },
  "stopped-early": {
    group: "beside",
    meaning:
      "`max-requests` or `stop-if` ended the load before its time. What was measured until then is judged like any other run; the record's `validity.stopped` names the reason.",
    mend: "Raise the bound if the whole time is wanted.",
  },
  "import-note": {
    group: "beside",
    meaning:
      "What is good to know about an imported file: how its tool makes percentiles, how many lines were left out.",
    mend: "Nothing needs to be done.",
  },
};
