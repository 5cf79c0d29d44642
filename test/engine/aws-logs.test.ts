/** REPORT lines through the real SDK, against the simulator's ledger; and the stack that names what is loaded. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { UserError } from "../../src/errors.ts";
import type { RunRecord } from "../../src/record/record.ts";
import { type GateWorld, startGateWorld } from "./gate-world.ts";

let world: GateWorld;
const well = { denied: false, deny: [], expired: false, throttleFirst: 0, serverErrorFirst: 0, slowMs: 0 };

beforeAll(async () => {
  world = await startGateWorld();
});

afterAll(() => world.stop());

beforeEach(async () => {
  await world.simulator.putLogs({
    ...well,
    delayMs: 0,
    runningPolls: 1,
    failQueries: 0,
    emptyPages: 0,
    pageSize: null,
  });
  await world.simulator.putCloudformation({ ...well, stacks: {} });
});

const told = ({ validity }: RunRecord) => validity.problems.filter(({ code }) => code !== "generator-saturated");

const failing = {
  ...{ initMs: 60, maxMemoryUsedMb: 77, errorShare: 0.3, errorType: "TypeError" },
  errorMessage: "no stock for somebody@example.com, password=hunter22",
};

describe("REPORT lines", () => {
  test.each([
    ["text, by Logs Insights", {}, {}],
    ["JSON, by Logs Insights", { logFormat: "JSON" }, {}],
    ["text, by FilterLogEvents in pages", {}, { deny: ["StartQuery"], pageSize: 7, emptyPages: 1 }],
    ["JSON, by FilterLogEvents", { logFormat: "JSON" }, { deny: ["StartQuery"] }],
    ["lines that come late", {}, { delayMs: 3_000 }],
    ["SnapStart's Restore Duration", { snapStart: true }, {}],
  ] as const)("%s", async (_, change, logs) => {
    const url = await world.deploy("orders", { ...failing, ...change });
    await world.simulator.putLogs(logs);
    const { record } = await world.gate({ url, functions: "orders" });
    // Probes of the minute before are outside AWS's window.
    const from = record.cloud?.window.start ?? 0;
    const truth = await world.simulator.summary("orders", { from });
    const facts = record.cloud?.facts?.logs[0];
    expect(facts).toMatchObject({ reports: truth.invocations, coldStarts: truth.coldStarts, memoryUsedMb: 77 });
    expect(Math.abs((facts?.initMs?.mean ?? 0) - 60)).toBeLessThan(6);
    expect(facts?.errors).toEqual([
      { type: "TypeError", count: truth.errors, examples: ["no stock for [address], password=[hidden]"] },
    ]);
  });

  test("more lines than CloudWatch has counted so far are not said to be of others", async () => {
    const url = await world.deploy("orders");
    await world.simulator.putCloudwatch({ lostShare: 0.5 });
    try {
      const { record } = await world.gate({ url, functions: "orders", "run-time": "2s", "metrics-timeout": "2s" });
      expect(record.cloud?.state).toBe("partial");
      const [note, ...others] = record.cloud?.notes.filter((one) => one.includes("REPORT lines")) ?? [];
      expect([note, others]).toEqual([expect.stringMatching(/counted: CloudWatch's metrics are behind\.$/), []]);
    } finally {
      await world.simulator.putCloudwatch({ lostShare: 0 });
    }
  });

  test.each([
    ["of metrics", "putCloudwatch", { throttleFirst: 1_000 }, { state: "incomplete", seen: null }, 1],
    ["of metrics that never answer", "putCloudwatch", { slowMs: 60_000 }, { state: "incomplete", seen: null }, 1],
    ["of logs", "putLogs", { throttleFirst: 1_000 }, { state: "complete" }, 0],
    ["of logs that never answer", "putLogs", { slowMs: 60_000 }, { state: "complete" }, 0],
  ] as const)("metrics-timeout bounds the reading %s: a call that is tried again is cut short", async (...row) => {
    const [, put, fault, cloud, facts] = row;
    const url = await world.deploy("orders");
    await world.simulator[put](fault);
    try {
      let begun = 0;
      const { record, lines } = await world.gate(
        { url, functions: "orders", "metrics-timeout": "3s" },
        {
          onAws: () => {
            begun = Date.now();
          },
        },
      );
      // metrics-timeout and five seconds for a query of logs (docs/aws.md), and room for a busy machine; the fault lasts a minute.
      expect(Date.now() - begun).toBeLessThan(12_000);
      expect(record.cloud).toMatchObject(cloud);
      expect(record.cloud?.facts?.logs).toHaveLength(facts);
      if (put === "putCloudwatch") expect(record.cloud?.reason).toMatch(/no answer before the end of metrics-timeout/);
      else expect(record.cloud?.notes.join("\n")).toMatch(/The logs of orders could not be read: /);
      expect([...lines, JSON.stringify(record)].join("\n")).not.toMatch(/AbortError|\n {4}at /);
    } finally {
      await world.simulator.putCloudwatch({ throttleFirst: 0, slowMs: 0 });
    }
  });

  test("timeouts are a type of their own", async () => {
    const url = await world.deploy("orders", { durationMs: 40, jitter: 0, timeoutMs: 20 });
    const { record } = await world.gate({ url, functions: "orders", "ready-status": "200-599" });
    expect(record.cloud?.facts?.logs[0]?.errors).toMatchObject([{ type: "timeout" }]);
  });

  test("without permission: one note, and with logs: on a warning", async () => {
    const url = await world.deploy("orders");
    await world.simulator.putLogs({ denied: true });
    const quiet = await world.gate({ url, functions: "orders" });
    expect(quiet.record.cloud).toMatchObject({
      state: "complete",
      notes: ["The AWS role may not call logs:StartQuery. Logs were not read."],
    });
    expect(told(quiet.record)).toEqual([]);
    const loud = await world.gate({ url, functions: "orders", logs: "on" });
    expect(told(loud.record)).toMatchObject([{ code: "cloud-denied", severity: "warning" }]);
  });

  test("logs: off asks nothing, a system log level of WARN neither", async () => {
    const url = await world.deploy("orders", { logFormat: "JSON", systemLogLevel: "WARN" });
    const before = (await world.simulator.logs()).calls.length;
    await world.gate({ url, functions: "orders", logs: "off" });
    const { record } = await world.gate({ url, functions: "orders" });
    expect((await world.simulator.logs()).calls).toHaveLength(before);
    expect(record.cloud?.notes.join()).toMatch(/system log level of orders is WARN/);
  });
});

describe("stack-name", () => {
  const resources = [
    { logicalId: "Orders", physicalId: "orders", type: "AWS::Lambda::Function" },
    { logicalId: "LogRetention12", physicalId: "retention", type: "AWS::Lambda::Function" },
    { logicalId: "Table", physicalId: "table", type: "AWS::DynamoDB::Table" },
  ];

  test("is waited for, and names the URL and the functions", async () => {
    const url = await world.deploy("orders");
    const stack = { statuses: ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"], outputs: { Url: url, Name: "x" }, resources };
    await world.simulator.putCloudformation({ stacks: { preview: stack } });
    const { record, lines } = await world.gate({ "stack-name": "preview" });
    expect(lines.join("\n")).toMatch(/stack preview is UPDATE_IN_PROGRESS/);
    expect(record.plan.url).toBe(url);
    expect(record.cloud).toMatchObject({ state: "complete", functions: [{ function: "orders" }] });
  });

  test("a stack that was rolled back is target-not-ready", async () => {
    const stack = { statuses: ["UPDATE_ROLLBACK_COMPLETE"], statusReason: "Orders failed" };
    await world.simulator.putCloudformation({ stacks: { preview: stack } });
    const { record } = await world.gate({ "stack-name": "preview" });
    expect(record.validity.problems).toMatchObject([
      { code: "target-not-ready", message: expect.stringMatching(/UPDATE_ROLLBACK_COMPLETE \(Orders failed\)/) },
    ]);
  });

  test.each([
    ["a stack that does not exist", {}, {}, /knows no stack preview/],
    ["no URL", { preview: { outputs: { Name: "x" } } }, {}, /no output that is a URL/],
    ["two URLs", { preview: { outputs: { A: "http://a.example", B: "http://b.example" } } }, {}, /several outputs/],
    ["no permission", { preview: {} }, { denied: true }, /may not call cloudformation:DescribeStacks/],
  ])("%s is refused before anything is sent", async (_, stacks, faults, message) => {
    await world.simulator.putCloudformation({ stacks, ...faults });
    const refused = await world.gate({ "stack-name": "preview" }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(UserError);
    expect((refused as UserError).problems).toMatchObject([
      { code: "stack-not-usable", message: expect.stringMatching(message) },
    ]);
  });
});
