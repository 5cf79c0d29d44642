import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Simulator } from "../../../simulator/client.ts";
import { awsEnvironment, createRepository, REPOSITORY, runWorkflow, SHA } from "./repository.ts";
import { LOAD, STORY } from "./story.ts";

/** What one act of the story needs. */
export type Act = {
  /** Folder of the built product; `action.yml` is beside it. */
  readonly dist: string;
  readonly outDir: string;
  readonly simulator: Simulator;
  readonly say: (text: string) => void;
};

/** What came of it, as the product itself said. */
export type ActDone = {
  readonly title: string;
  readonly exitCode: number | null;
  readonly verdict: string | null;
  readonly headline: string;
  /** From the simulator's own ledger, not from the product. */
  readonly failureShare: number;
  readonly requiredConcurrency: number | null;
};

type Performed = Omit<ActDone, "title" | "failureShare">;
type Performance = (stage: Act, url: string) => Promise<Performed>;

/**
 * Plays one act. On a machine that is busy with other things the product rightly calls its own measurement invalid: then
 * the act is played a second time.
 */
export const act = async (
  stage: Act,
  title: string,
  handler: { readonly durationMs: number },
  perform: Performance,
): Promise<ActDone> => {
  stage.say(`\n== ${title} ==\n`);
  const first = await play(stage, handler, perform);
  if (first.verdict !== "invalid") return { title, ...first };
  stage.say("\nThis machine was too busy for a measurement that can be trusted, so nothing was judged. Once more:\n\n");
  return { title, ...(await play(stage, handler, perform)) };
};

/** Deploys the handler to the simulator, lets the product measure it, and says what the simulator itself counted. */
const play = async (
  stage: Act,
  handler: { readonly durationMs: number },
  perform: Performance,
): Promise<Omit<ActDone, "title">> => {
  const { simulator, say } = stage;
  const { functionUrl } = await simulator.putFunction(STORY.functionName, {
    ...handler,
    concurrencyLimit: STORY.concurrencyLimit,
    limitKind: "reserved",
    fresh: true,
  });
  await simulator.resetFunction(STORY.functionName);
  const done = await perform(stage, `${functionUrl}/orders`);
  const { counts } = await simulator.ledger(STORY.functionName);
  const failureShare = counts.throttles / Math.max(1, counts.requests);
  say(
    `\nThe simulator's own ledger: ${counts.requests} requests, ${counts.throttles} throttled (${(100 * failureShare).toFixed(1)} %), concurrency limit ${STORY.concurrencyLimit}.\n`,
  );
  return { failureShare, ...done };
};

/** `swarmgate run` as a person types it. */
export const onCommandLine =
  (out: string, baseline: string | null): Performance =>
  async ({ dist, outDir, simulator, say }, url) => {
    const file = (name: string): string => join(outDir, name);
    const flags = Object.entries({
      url,
      ...LOAD,
      ...(baseline !== null && { baseline: file(baseline) }),
      out: file(out),
    });
    const shown = flags.map(
      ([name, value]) => `--${name} ${quoted(name === "out" || name === "baseline" ? relative(".", value) : value)}`,
    );
    say(`$ swarmgate run ${shown.join(" ")}\n\n`);
    const args = flags.flatMap(([name, value]) => [`--${name}`, value]);
    const { exitCode, stdout } = await execute([join(dist, "cli.js"), "run", ...args], { simulator, say });
    say(`(exit ${exitCode})\n`);
    const { stdout: json } = await execute(
      [join(dist, "cli.js"), "compare", "--json", "--base", file(baseline ?? out), "--head", file(out)],
      { simulator, say: () => {} },
    );
    const result = JSON.parse(json) as {
      headline: string;
      verdict: string;
      metrics: readonly { id: string; head: number | null }[];
    };
    const required = result.metrics.find(({ id }) => id === "required-concurrency")?.head ?? null;
    return {
      exitCode,
      verdict: baseline === null && result.verdict !== "invalid" ? null : result.verdict,
      headline: baseline === null ? stdout.split("\n", 1).join("") : result.headline,
      requiredConcurrency: required,
    };
  };

/** The built action as GitHub's runner starts it, on the simulator's GitHub. */
export const asPullRequest =
  (event: "push" | "pull_request"): Performance =>
  async ({ dist, outDir, simulator, say }, url) => {
    if (event === "push") await createRepository(simulator);
    say(`$ uses: swarmgate on ${event} in ${REPOSITORY}, simulated GitHub\n\n`);
    const run = await runWorkflow(simulator, {
      actionDir: join(dist, ".."),
      workDir: join(outDir, event),
      event,
      headSha: event === "push" ? SHA.base : SHA.head,
      inputs: { url, ...LOAD },
      env: awsEnvironment(simulator),
      onLine: (line) => {
        if (!/^::(add-mask|debug)::/.test(line)) say(`  | ${line}\n`);
      },
    });
    const { comments } = await simulator.github();
    const comment = comments.at(-1)?.body;
    if (event === "pull_request" && comment !== undefined) {
      await writeFile(join(outDir, "comment.md"), comment);
      say(`\nThe comment on the pull request:\n\n${comment.replaceAll(/&nbsp;|<br>/g, " ")}\n`);
    }
    say(
      `\nThe action's exit code is ${run.exitCode}, gate-open=${run.outputs["gate-open"]}, verdict=${run.outputs["verdict"]}.\n`,
    );
    return {
      exitCode: run.exitCode,
      verdict: run.outputs["verdict"] ?? null,
      headline: run.outputs["headline"] ?? "",
      requiredConcurrency: Number(run.outputs["required-concurrency"] || Number.NaN) || null,
    };
  };

type Execution = { readonly simulator: Simulator; readonly say: (text: string) => void };

const execute = (
  args: readonly string[],
  { simulator, say }: Execution,
): Promise<{ exitCode: number | null; stdout: string }> =>
  new Promise((done, reject) => {
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...awsEnvironment(simulator) },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString("utf8");
      say(chunk.toString("utf8"));
    });
    child.stderr.on("data", (chunk: Buffer) => say(chunk.toString("utf8")));
    child.on("error", reject);
    child.on("close", (exitCode) => done({ exitCode, stdout }));
  });

const quoted = (value: string): string => (/^[\w./:@-]+$/.test(value) ? value : `"${value}"`);
