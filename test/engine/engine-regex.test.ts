import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { readScenario } from "../../src/scenario/read-scenario.ts";
import { seconds } from "../../src/units.ts";
import { planFor, runLoad } from "./engine-harness.ts";

/** Backtracking would try about 10^13 ways in it; the four repetitions are as many as a scenario may have. */
const SLOW = "a*a*a*a*b";
const BODY = "a".repeat(3000);

test("an expression that takes for ever on the target's answer does not hold a worker", async () => {
  const server = createServer((_, response) => response.end(BODY)).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const read = readScenario({
    text: `scenario:\n  tasks:\n    - get: /\n      capture: { found: { regex: "${SLOW}" } }\n`,
    fileName: "slow.yml",
    readFile: () => ({ kind: "refused", reason: "has no place here" }),
    env: {},
    users: 4,
  });
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join("\n"));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const result = await runLoad(planFor({ origin }, { tasks: [], scenario: read.value, runTime: seconds(2) }));
  server.close();
  expect(result.stopped).toBe("run-time");
  expect(result.totals.outcomes["check-failed"]).toBeGreaterThan(10);
}, 40_000);
