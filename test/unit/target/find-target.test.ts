import { expect, test } from "vitest";
import type { Config } from "../../../src/config/config.ts";
import { UserError } from "../../../src/errors.ts";
import { findTarget } from "../../../src/gate/find-target.ts";
import type { Deployments } from "../../../src/ports.ts";
import type { SeenDeployment } from "../../../src/target/deployment.ts";
import { waitLine } from "../../../src/target/wait-line.ts";
import { epochMs, millis } from "../../../src/units.ts";
import { config } from "../record/sample-record.ts";

const seen = (state: string, some: Partial<SeenDeployment> = {}): SeenDeployment => ({
  id: 5,
  environment: "Preview",
  production: false,
  state,
  url: "https://found.example/",
  description: null,
  ...some,
});

/** A clock that jumps when somebody sleeps; `states` is what GitHub says to one look after the other. */
const setUp = (
  target: Partial<Config["target"]>,
  given: { readonly offered?: SeenDeployment; readonly states?: readonly string[]; readonly outside?: true } = {},
) => {
  let now = 0;
  let looks = 0;
  const lines: string[] = [];
  const answer = async () => {
    const state = given.states?.[Math.min(looks, given.states.length - 1)] ?? null;
    looks += 1;
    return { kind: "seen" as const, deployments: state === null ? [] : [seen(state)] };
  };
  const deployments: Deployments = { offered: given.offered ?? null, again: answer, ofCommit: answer };
  const whole = config();
  const asked: Config = { ...whole, target: { ...whole.target, url: null, ...target } };
  const timeout = millis(60_000);
  const run = () =>
    findTarget(asked, {
      sha: "a".repeat(40),
      rules: { timeout, deadline: epochMs(timeout) },
      ports: {
        ...(given.outside ? {} : { deployments }),
        stacks: {
          read: async () => ({
            kind: "value",
            value: {
              status: "CREATE_COMPLETE",
              reason: null,
              outputs: [{ key: "Url", value: "https://stack.example/" }],
            },
          }),
          functions: async () => ({ kind: "value", value: [] }),
          resources: async () => ({ kind: "value", value: [] }),
        },
        clock: {
          now: () => epochMs(now),
          sleep: async (time) => {
            now += time;
          },
        },
        log: {
          info: (line) => lines.push(line),
          warn: () => {},
          progress: () => {},
          wait: (wait) => lines.push(waitLine(wait, epochMs(now))),
          stage: () => {},
        },
      },
      signal: new AbortController().signal,
    });
  return { run, lines, looks: () => looks };
};
const urlOf = async (...given: Parameters<typeof setUp>): Promise<string | null> =>
  (await setUp(...given).run()).config.target.url;

test("the URL that is given comes first", async () => {
  const world = setUp({ url: "https://given.example/", environment: "Preview" }, { offered: seen("success") });
  expect((await world.run()).config.target.url).toBe("https://given.example/");
  expect(world.looks()).toBe(0);
});

test("then the event's own deployment, without asking anybody", async () => {
  const world = setUp({ stackName: null }, { offered: seen("success", { url: "https://event.example/" }) });
  expect((await world.run()).config.target.url).toBe("https://event.example/");
  expect(world.looks()).toBe(0);
});

test("an event about another environment than the one asked for is not it", async () => {
  const offered = seen("success", { environment: "docs", url: "https://docs.example/" });
  expect(await urlOf({ environment: "Preview" }, { offered, states: ["success"] })).toBe("https://found.example/");
});

test("a deployment that is coming is waited for with a countdown", async () => {
  const world = setUp({ environment: "Preview" }, { states: ["pending", "in_progress", "in_progress", "success"] });
  expect((await world.run()).config.target.url).toBe("https://found.example/");
  expect(world.lines).toEqual([
    'Waiting for the deployment, 1 min left: the deployment in "Preview" is pending.',
    'Waiting for the deployment, 50 s left: the deployment in "Preview" is in progress.',
    'The target is https://found.example/, the deployment in "Preview".',
  ]);
});

test("the event's own deployment is followed when it is not there yet", async () => {
  expect(await urlOf({}, { offered: seen("queued", { url: null }), states: ["success"] })).toBe(
    "https://found.example/",
  );
});

test("a deployment that failed is a problem of the run, with an address that resolves nowhere", async () => {
  const found = await setUp({ environment: "Preview" }, { states: ["failure"] }).run();
  expect(found.problem).toMatchObject({ code: "deployment-failed", severity: "invalid" });
  expect(found.config.target.url).toBe("http://preview.invalid/");
});

test("a stack that is named is asked although the event is about a deployment", async () => {
  expect(await urlOf({ stackName: "orders" }, { offered: seen("success") })).toBe("https://stack.example/");
});

test.each<readonly [string, Partial<Config["target"]>, Parameters<typeof setUp>[1], string]>([
  ["production", { environment: "Preview" }, { offered: seen("success", { production: true }) }, "production-refused"],
  [
    "a metadata address, whoever names it",
    { environment: "Preview" },
    { offered: seen("success", { url: "http://169.254.169.254/" }) },
    "host-not-allowed",
  ],
  ["an environment outside GitHub", { environment: "Preview" }, { outside: true }, "missing-value"],
])("%s is refused before anything is sent", async (_, target, given, code) => {
  const thrown = await setUp(target, given)
    .run()
    .then(
      () => null,
      (error: unknown) => error,
    );
  expect(thrown).toBeInstanceOf(UserError);
  expect(thrown instanceof UserError && thrown.problems[0]?.code).toBe(code);
});
