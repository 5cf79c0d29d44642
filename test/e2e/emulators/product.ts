/** The built command line in a folder of its own, pointed at an emulator by the SDK's standard variables alone. */
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { RunRecord } from "../../../src/record/record.ts";

export const REGION = "eu-west-1";
/** What emulators take for an account of their own; no secret. */
export const KEYS = { accessKeyId: "testing", secretAccessKey: "testing" } as const;

type Metric = {
  readonly id: string;
  readonly head: number | null;
  readonly verdict: string | null;
};

export type Outcome = {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The result of `--json`. */
  readonly result: () => {
    readonly verdict: string | null;
    readonly metrics: readonly Metric[];
    readonly problems: readonly { readonly code: string; readonly message: string; readonly hint: string }[];
  };
  /** One metric of the result. */
  readonly metric: (id: string) => Metric | undefined;
  /** What `run` wrote; throws when nothing was written. */
  readonly record: () => RunRecord;
};

export type Product = {
  readonly root: string;
  /** `run --json` with these inputs and no environment but this. */
  readonly run: (inputs: Readonly<Record<string, string>>, env: Readonly<Record<string, string>>) => Promise<Outcome>;
  readonly close: () => void;
};

export const createProduct = (): Product => {
  const root = mkdtempSync(join(tmpdir(), "swarmgate-emulators-"));
  cpSync("dist", join(root, "dist"), { recursive: true });
  let runs = 0;
  return {
    root,
    run: async (inputs, env) => {
      runs += 1;
      const out = `run-${runs}.json`;
      const flags = Object.entries({ ...inputs, out }).flatMap(([name, value]) => [`--${name}`, value]);
      const done = await execute(root, ["run", ...flags, "--json"], env);
      const result = () => JSON.parse(done.stdout) as ReturnType<Outcome["result"]>;
      return {
        ...done,
        result,
        metric: (id) => result().metrics.find((metric) => metric.id === id),
        record: () => JSON.parse(readFileSync(join(root, out), "utf8")) as RunRecord,
      };
    },
    close: () => rmSync(root, { recursive: true, force: true }),
  };
};

/** Everything of AWS at one server; nothing of this machine's own credentials or regions. */
export const awsAt = (url: string): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL: url,
  AWS_ACCESS_KEY_ID: KEYS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_REGION: REGION,
});

/**
 * Waits until a run of so many seconds fits into the current minute. CloudWatch counts by the minute: what an earlier run
 * left in the same one would be foreign traffic, and ministack's buckets begin at multiples of their length.
 */
export const roomInMinute = async (seconds: number): Promise<void> => {
  const into = Date.now() % 60_000;
  if (into + seconds * 1_000 > 60_000) await sleep(60_000 - into + 100);
};

const execute = (
  root: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Pick<Outcome, "exitCode" | "stdout" | "stderr">> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, "dist", "cli.js"), ...args], {
      cwd: root,
      env: { PATH: process.env["PATH"] ?? "", HOME: root, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const out: string[] = [];
    const err: string[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk.toString("utf8")));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk.toString("utf8")));
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, stdout: out.join(""), stderr: err.join("") }));
  });
