/**
 * CloudWatch by other hands (moto): what was put into AWS/Lambda is what the run record and the report say.
 *
 * What this server can do, measured with 5.2.5: sums, averages, extremes and sample counts over the bucket asked for;
 * metrics with dimensions regardless of the namespace; no percentiles at all (a query for one ends in status 500).
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { simulatedAws } from "./expired.ts";
import { installEmulators } from "./install.ts";
import { type Figures, type MotoAccount, motoAccount } from "./moto-account.ts";
import { awsAt, createProduct, type Outcome, type Product, roomInMinute } from "./product.ts";
import { type Emulator, startMoto } from "./servers.ts";
import { startTarget, type Target } from "./target.ts";

const emulators = installEmulators();
const LOAD = {
  users: "10",
  "spawn-rate": "10",
  "run-time": "4s",
  "warm-up": "0s",
  "wait-time": "constant(0.05)",
  "metrics-timeout": "16s",
  logs: "off",
} as const;
const RUN_SECONDS = 15;
/** A metric without figures; a machine that is busy with other things may have made the whole run invalid. */
const NOT_JUDGED = { head: null, verdict: expect.stringMatching(/^(inconclusive|invalid)$/) };
const NO_PERCENTILES = { p50: null, p90: null, p95: null, p99: null } as const;

describe.runIf(emulators.kind === "installed")("moto", () => {
  const bin = emulators.kind === "installed" ? emulators.bin : "";
  let moto: Emulator;
  let account: MotoAccount;
  let product: Product;
  let target: Target;
  beforeAll(async () => {
    moto = await startMoto({ bin });
    account = await motoAccount(moto.url);
    product = createProduct();
    for (const name of ["orders", "stock", "silent", "shared"]) await account.createFunction(name, 50);
  });
  afterAll(async () => {
    account?.close();
    product?.close();
    await moto?.stop();
  });
  beforeEach(async () => {
    target = await startTarget(20, 10);
  });
  afterEach(() => target.close());

  type Answered = ReturnType<Target["answered"]>;
  /** A run during which the figures arrive some time after the last request, as in AWS. */
  const runWhile = async (functions: string, tell: (answered: Answered) => Promise<void>): Promise<Outcome> => {
    await roomInMinute(RUN_SECONDS);
    const inputs = { ...LOAD, url: target.url, "ready-path": "/ready", functions };
    const running = product.run(inputs, awsAt(moto.url));
    const isOver = await Promise.race([target.quiet(1_000).then(() => false), running.then(() => true)]);
    if (!isOver) await tell(target.answered());
    return await running;
  };
  const figuresOf = ({ ok, throttled }: Answered, change: Partial<Figures> = {}): Figures => ({
    invocations: ok,
    errors: 3,
    throttles: throttled,
    concurrency: [4, 9, 6],
    durations: Array.from({ length: ok }, (_, index) => 12 + (index % 5)),
    ...change,
  });

  it("figures of an alias come back as they were put in, and no others; percentiles are missing and not 0", async () => {
    let told: Figures | null = null;
    const outcome = await runWhile("orders:live", async (answered) => {
      told = figuresOf(answered);
      await account.publish("orders", "live", answered.firstAt, told);
      // Neighbours: the whole function, another function's alias of the same name, and the hour before.
      const other = { ...told, durations: [5_000], errors: 1 };
      await account.publish("orders", null, answered.firstAt, other);
      await account.publish("stock", "live", answered.firstAt, other);
      await account.publish("orders", "live", answered.firstAt - 3_600_000, other);
    });
    if (told === null) throw new Error(`the run ended before its load: ${outcome.stderr}`);
    const { invocations, throttles, durations }: Figures = told;
    const { cloud, totals } = outcome.record();
    const average = durations.reduce((sum, one) => sum + one, 0) / durations.length;
    expect(cloud).toMatchObject({ state: "complete", reason: "", seen: invocations + throttles });
    expect([totals.outcomes.ok, totals.outcomes.throttled]).toEqual([invocations, throttles]);
    expect(cloud?.functions).toEqual([
      {
        function: "orders:live",
        ...{ invocations, errors: 3, throttles, concurrencyMax: 9 },
        duration: { average: expect.closeTo(average, 6), max: 16, ...NO_PERCENTILES },
      },
    ]);
    expect(outcome.metric("lambda-duration")?.head).toBeCloseTo(average, 2);
    expect(outcome.metric("lambda-throttles")?.head).toBeCloseTo(throttles / (invocations + throttles), 5);
    expect(outcome.metric("lambda-errors")?.head).toBeCloseTo(3 / invocations, 5);
    expect(outcome.metric("concurrency-max")?.head).toBe(9);
    expect(outcome.metric("lambda-duration-p95")?.head).toBeNull();
    expect(cloud?.notes.join("\n")).toContain("no percentiles");
    expect(cloud?.facts?.functions).toMatchObject([{ memoryMb: 512, runtime: "nodejs22.x", reservedConcurrency: 50 }]);
  });

  it("traffic of others in the same minute is contaminated, and the share of throttles is not judged", async () => {
    const outcome = await runWhile("shared", async (answered) => {
      await account.publish("shared", null, answered.firstAt, figuresOf(answered));
      await account.publish("shared", null, answered.firstAt, figuresOf(answered, { throttles: 0 }));
    });
    const { cloud } = outcome.record();
    const { ok, throttled } = target.answered();
    expect(cloud).toMatchObject({ state: "contaminated", seen: 2 * ok + throttled });
    expect(outcome.metric("lambda-throttles")?.verdict).toEqual(NOT_JUDGED.verdict);
  });

  it("a function of which AWS says nothing has no figures: null, incomplete, and no verdict of its own", async () => {
    const outcome = await product.run(
      { ...LOAD, "metrics-timeout": "2s", url: target.url, "ready-path": "/ready", functions: "silent" },
      awsAt(moto.url),
    );
    const nothing = { average: null, max: null, ...NO_PERCENTILES };
    const { cloud } = outcome.record();
    expect(cloud).toMatchObject({ state: "incomplete", seen: null });
    expect(cloud?.functions).toEqual([
      {
        function: "silent",
        ...{ invocations: null, errors: null, throttles: null, concurrencyMax: null, duration: nothing },
      },
    ]);
    for (const id of ["lambda-duration", "lambda-throttles", "required-concurrency"])
      expect(outcome.metric(id)).toMatchObject(NOT_JUDGED);
  });

  describe("what cannot work is one sentence and a hint before the load", () => {
    type Env = Readonly<Record<string, string>>;
    const without = (env: Env, ...names: readonly string[]): Env =>
      Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)));
    const run = (env: Env, functions = "orders"): Promise<Outcome> =>
      product.run(
        { ...LOAD, "run-time": "1s", "metrics-timeout": "2s", url: target.url, "ready-path": "/ready", functions },
        env,
      );

    it.each<[sentence: string, functions: string, env: Env]>([
      ["a wrong function name", "odrers", {}],
      ["a wrong alias", "orders:life", {}],
      ["a wrong region", "orders", { AWS_REGION: "us-west-2" }],
    ])("%s: exit 2, and the target is left alone", async (_, functions, env) => {
      const outcome = await run({ ...awsAt(moto.url), ...env }, functions);
      expect([outcome.exitCode, outcome.result().verdict]).toEqual([2, null]);
      const [problem, ...others] = outcome.result().problems;
      expect(others).toEqual([]);
      expect(problem?.code).toBe("function-not-found");
      expect(problem?.message).toContain(`${functions} in ${env["AWS_REGION"] ?? "eu-west-1"}`);
      expect(problem?.hint).toContain("aws-region");
      expect(outcome.stderr).toContain("docs/errors.md#function-not-found");
      expect(target.answered()).toMatchObject({ ok: 0, throttled: 0 });
    });

    /** The load goes on, as on a fork's pull request, but what AWS saw is denied and never a number. */
    const expectWarned = (outcome: Outcome, ...texts: readonly string[]): void => {
      const before = outcome.stderr.slice(0, outcome.stderr.indexOf(" is ready after"));
      for (const text of texts) expect(before).toContain(text);
      expect(outcome.stderr).not.toMatch(/\n\s+at /);
      expect(outcome.record().cloud).toMatchObject({ state: "denied", seen: null });
      expect(outcome.metric("lambda-duration")).toMatchObject(NOT_JUDGED);
      expect(outcome.record().totals.requests).toBeGreaterThan(0);
    };

    it("no credentials", async () => {
      const env = without(awsAt(moto.url), "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
      expectWarned(await run(env), "There are no AWS credentials.", "Run aws-actions/configure-aws-credentials");
    });

    it("no region", async () => {
      expectWarned(await run(without(awsAt(moto.url), "AWS_REGION")), "No AWS region is set.", "Give aws-region");
    });

    it("an expired token, which moto does not know: the embedded simulator plays it", async () => {
      const { env, stop } = await simulatedAws(product.root, { expired: true });
      try {
        const outcome = await run({ ...without(awsAt(moto.url), "AWS_ENDPOINT_URL"), ...env });
        expectWarned(outcome, "The AWS credentials have expired.", "Let the role's session last longer");
      } finally {
        await stop();
      }
    });

    it("refused credentials: moto checks every call, and tells the SDK no more than status 403", async () => {
      const keys = await account.lock();
      const as = (accessKeyId: string, secretAccessKey: string): Env => ({
        ...awsAt(moto.url),
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
      });
      try {
        const unknownKey = as("AKIAXXXXXXXXXXXXXXXX", keys.secretAccessKey);
        const wrongSecret = as(keys.accessKeyId, "wrong");
        const noRights = as(keys.accessKeyId, keys.secretAccessKey);
        for (const env of [unknownKey, wrongSecret, noRights])
          expectWarned(await run(env), "Lambda refused the credentials (status 403).", "Check the credentials");
      } finally {
        await account.unlock();
      }
    });
  });
});
