import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunRecord } from "../../src/record/record.ts";
import { createWorld, type World } from "./world.ts";

/** Answers with what it was sent, in a process of its own. */
const ECHO = `
const { createServer } = require("node:http");
const server = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => { body += chunk; });
  request.on("end", () => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ token: "t-1", body, authorization: request.headers.authorization }));
  });
});
server.keepAliveTimeout = 60000;
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
`;

/** Types as a user writes them; the repository around it is CommonJS and has nothing installed. */
const SHOP = `
import { defineScenario, type User } from "swarmgate/scenario";
type Session = { token: string };
const bearer = (user: User<Session>) => ({ authorization: \`Bearer \${user.data.token}\` });
export default defineScenario<Session>({
  async setup(user) {
    const login = await user.request({ post: "/login", form: { index: user.index } });
    user.data.token = login.json<Session>().token;
  },
  tasks: [
    { name: "read", weight: 3, async run(user) {
      const answer = await user.request({ get: "/read", headers: bearer(user), expect: { json: { "/authorization": "Bearer t-1" } } });
      user.check("status", answer.status === 200);
    } },
    { name: "fail", weight: 1, run() { throw new Error("out of stock"); } },
  ],
});
`;

let world: World;
let url: string;
let echo: ReturnType<typeof spawn>;
beforeAll(async () => {
  world = await createWorld();
  echo = spawn(process.execPath, ["-e", ECHO], { stdio: ["ignore", "pipe", "inherit"] });
  const port = await new Promise((resolve) => {
    if (echo.stdout) createInterface({ input: echo.stdout }).once("line", resolve);
  });
  url = `http://127.0.0.1:${port}/`;
  mkdirSync(world.file("repository"));
  writeFileSync(world.file("repository/package.json"), '{ "type": "commonjs" }');
  writeFileSync(world.file("repository/shop.ts"), SHOP);
});
afterAll(async () => {
  echo.kill();
  await world.close();
});

const run = (file: string, more: readonly string[] = []) =>
  world.cli([
    ...["run", "--url", url, "--users", "5", "--spawn-rate", "5", "--run-time", "3s", "--warm-up", "0s", "--json"],
    ...["--wait-time", "constant(0.02)", "--baseline", "none", "--out", "module.json", "--scenario", file, ...more],
  ]);
const record = (): RunRecord => JSON.parse(readFileSync(world.file("module.json"), "utf8"));

describe("a scenario module beside the built product", () => {
  it("runs with our own swarmgate/scenario, and a throw is counted", async () => {
    const { stderr } = await run("repository/shop.ts");
    const { tasks, setup, fingerprint } = record();
    const byName = Object.fromEntries(tasks.map((task) => [task.name, task]));
    expect(Object.keys(byName).toSorted(), stderr).toEqual(["GET /read", "fail"]);
    expect(byName["GET /read"]?.outcomes.ok).toBe(byName["GET /read"]?.requests);
    expect(byName["fail"]?.examples["check-failed"]?.[0]?.text).toBe("out of stock (shop.ts:15)");
    expect(setup).toMatchObject({ requests: 5, failedUsers: 0 });
    expect(Object.keys(fingerprint.test.tasks)).toEqual(["read", "fail"]);
    expect(fingerprint.test.setup).toMatch(/^module [0-9a-f]{16}$/);
  });

  it("shows its tasks without running them", async () => {
    const { exitCode, stdout } = await run("repository/shop.ts", ["--dry-run"]);
    expect([exitCode, stdout.includes("2 tasks, read (weight 3), fail")]).toEqual([0, true]);
  });

  it("is refused with every mistake, and nothing is sent", async () => {
    writeFileSync(
      world.file("wrong.ts"),
      "export default { tasks: [{ run() {} }, { name: 'a', weight: -1, run: 5 }] };",
    );
    const { exitCode, stdout } = await run("wrong.ts");
    const { problems } = JSON.parse(stdout);
    expect([exitCode, problems.length]).toEqual([2, 3]);
  });

  it("that blocks its thread is invalid, exit 3, with a record", async () => {
    writeFileSync(
      world.file("block.js"),
      'export default { tasks: [{ name: "a", async run(user) { await user.request({ get: "/a" }); for (;;); } }] };',
    );
    const { exitCode, stdout } = await run("block.js");
    expect([exitCode, JSON.parse(stdout).verdict]).toEqual([3, "invalid"]);
    expect(record().validity.problems.map(({ code }) => code)).toContain("scenario-blocked");
  });
});
