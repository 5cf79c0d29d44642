/** Baselines that are not what they seem: each is refused by name, the search goes on, and none passes. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { readZipEntry } from "../../src/adapters/github/zip.ts";
import { archive, archiveOf } from "./hostile/archives.ts";
import { type FakeArtifact, type FakeGithub, type FakeRun, startGithub } from "./hostile/fake-github.ts";
import { BASE_SHA, createRunner, type Ended, LOAD, type Runner } from "./hostile/fake-runner.ts";
import { startTarget, type Target } from "./hostile/fake-target.ts";

let github: FakeGithub;
let runner: Runner;
let target: Target;
let good = "";
let base: Ended;
beforeAll(async () => {
  [github, target] = await Promise.all([startGithub(), startTarget()]);
  runner = createRunner(github);
  github.line = [BASE_SHA, "2".repeat(40)];
  base = await runner.job({ event: "push", inputs: { url: target.url, ...LOAD } });
  const stored = github.artifacts.find(({ name, runId }) => name === "swarmgate-gate-run" && runId === base.run.id);
  const entry = readZipEntry(stored?.content ?? Buffer.alloc(0), "run.json", 5_000_000);
  if (entry.kind !== "bytes") throw new Error("the record was not stored");
  good = Buffer.from(entry.bytes).toString("utf8");
}, 120_000);
afterAll(async () => {
  runner.close();
  await Promise.all([github.close(), target.close()]);
});

type Bait = {
  readonly content?: Buffer;
  readonly artifact?: Partial<FakeArtifact>;
  readonly run?: Partial<Omit<FakeRun, "id">>;
  /** What the report says of it. */
  readonly says: string | null;
};

const changed = (change: (record: Record<string, unknown>) => unknown): Buffer =>
  archive("run.json", JSON.stringify(change(JSON.parse(good) as Record<string, unknown>)));
const plain = (): Buffer => archive("run.json", good);
const forged = "<b>@octocat</b> ::error::owned ##[error]x";

const BAITS: Readonly<Record<string, () => Bait>> = {
  expired: () => ({ artifact: { expired: true }, says: "it has expired" }),
  "expired since it was listed": () => ({ artifact: { status: 410 }, says: "it has expired" }),
  "of another repository's run under our number": () => ({
    artifact: { headRepositoryId: 777 },
    says: "it comes from another repository (a fork)",
  }),
  "cut in half": () => ({
    content: plain().subarray(0, plain().length / 2),
    says: "it is no zip archive, or its end is missing",
  }),
  "not what GitHub's digest says": () => ({
    artifact: { digest: `sha256:${"0".repeat(64)}` },
    says: "its digest is not the one GitHub tells",
  }),
  "a bomb that tells": () => ({
    content: archiveOf([{ name: "run.json", content: Buffer.alloc(30_000_000) }]),
    says: "at most 20971520 are read",
  }),
  "a bomb that does not tell": () => ({
    content: archiveOf([{ name: "run.json", content: Buffer.alloc(60_000_000), claimedSize: 1_000 }]),
    says: "it unpacks to more than it tells",
  }),
  "larger than it tells": () => ({
    content: Buffer.concat([Buffer.alloc(11_000_000), plain()]),
    artifact: { size: 1_000 },
    says: "it is larger than 10485760 bytes",
  }),
  "with a wrong checksum": () => ({
    content: archiveOf([{ name: "run.json", content: Buffer.from(good), claimedCrc: 1 }]),
    says: "its checksum is wrong",
  }),
  "with a path that leads out": () => ({
    content: archiveOf([{ name: "../../run.json", content: Buffer.from(good) }]),
    says: "its archive holds no run.json",
  }),
  "with two records": () => ({
    content: archiveOf([
      { name: "run.json", content: Buffer.from(good) },
      { name: "run.json", content: Buffer.from("{}") },
    ]),
    says: "it holds run.json 2 times",
  }),
  "of a later schema": () => ({
    content: changed((record) => ({ ...record, schema: "swarmgate.run-record/v9" })),
    says: "v9",
  }),
  "no JSON": () => ({ content: archive("run.json", `{"schema": ${forged}`), says: "it is not JSON" }),
  "of another load": () => ({
    content: changed((record) => {
      const { test, ...rest } = record["fingerprint"] as { readonly test: object };
      return { ...record, fingerprint: { ...rest, test: { ...test, users: 999 } } };
    }),
    says: "measured another load",
  }),
  "that calls itself invalid": () => ({
    content: changed((record) => ({
      ...record,
      validity: { valid: false, stopped: "interrupted", problems: [] },
    })),
    says: "its run is in",
  }),
  "of a fork's branch with the base's name": () => ({ run: { head_repository: { id: 777 } }, says: null }),
  "of a fork that is gone": () => ({ run: { head_repository: null }, says: null }),
  "of another workflow": () => ({ run: { path: ".github/workflows/evil.yml" }, says: null }),
  "of a pull request from a branch with the base's name": () => ({ run: { event: "pull_request" }, says: null }),
  "of a commit that is not an ancestor": () => ({ run: { head_sha: "9".repeat(40) }, says: null }),
};

const lay = (names: readonly string[]): ReadonlyMap<string, { readonly run: FakeRun; readonly bait: Bait }> =>
  new Map(
    names.map((name) => {
      const bait = BAITS[name]?.();
      if (bait === undefined) throw new Error(name);
      const run = github.addRun(bait.run ?? {});
      github.addArtifact({
        runId: run.id,
        name: "swarmgate-gate-run",
        content: bait.content ?? plain(),
        ...bait.artifact,
      });
      return [name, { run, bait }];
    }),
  );

const check = (ended: Ended, baits: ReturnType<typeof lay>): void => {
  const told = ended.summary.replaceAll(/&nbsp;/g, " ").replaceAll(/\\([_[\]*~])/g, "$1");
  for (const [name, { run, bait }] of baits) {
    const asked = github.seen.some(({ line }) => line.includes(`/actions/runs/${run.id}/`));
    // What cannot be ours by GitHub's own word is not even downloaded.
    expect([name, asked]).toEqual([name, bait.says !== null]);
    if (bait.says !== null) {
      const note = told.split("\n").find((line) => line.includes(`run ${run.id}:`));
      expect([name, note]).toEqual([name, expect.stringContaining(bait.says)]);
    }
  }
  expect(ended.log).not.toMatch(/^::error::owned/m);
  expect(ended.log).not.toContain("##[");
};

const names = Object.keys(BAITS);

it("the search goes on past eight of them and the unrelated ones to the good run", async () => {
  const baits = lay([...names.slice(0, 8), ...names.slice(-5)]);
  const ended = await runner.job({ event: "pull_request", inputs: { url: target.url, ...LOAD, comment: "never" } });
  check(ended, baits);
  expect([ended.exitCode, ended.outputs["baseline-sha"], ended.outputs["gate-open"]]).toEqual([0, BASE_SHA, "true"]);
  expect(["pass", "improved", "warn", "inconclusive"]).toContain(ended.outputs["verdict"]);
});

it("with nothing but bait there is no baseline, and on-no-baseline decides", async () => {
  github.runs.length = 0;
  github.seen.length = 0;
  const baits = lay(names.slice(8, -5));
  const ended = await runner.job({
    event: "pull_request",
    inputs: { url: target.url, ...LOAD, comment: "never", "on-no-baseline": "fail" },
  });
  check(ended, baits);
  expect([ended.exitCode, ended.outputs["verdict"], ended.outputs["gate-open"]]).toEqual([1, "no-baseline", "false"]);
  expect(ended.outputs["baseline-sha"]).toBe("");
});

it("a history of a stranger's making is refused as a whole", async () => {
  github.runs.length = 0;
  github.seen.length = 0;
  const run = github.addRun();
  const history = { schema: "swarmgate.history/v1", runs: [{ id: forged, p50: 1e9 }] };
  github.addArtifact({
    runId: run.id,
    name: "swarmgate-gate-history",
    content: archive("history.json", JSON.stringify(history)),
  });
  const ended = await runner.job({ event: "pull_request", inputs: { url: target.url, ...LOAD, comment: "never" } });
  expect([ended.exitCode, ended.outputs["verdict"]]).toEqual([0, "no-baseline"]);
  expect(ended.summary).toContain(`run ${run.id}:`);
});
