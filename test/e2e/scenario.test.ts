import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorld, type World } from "./world.ts";

/** A shop that checks tokens, in a process of its own. */
const SHOP = `
const { createServer } = require("node:http");
let made = 0;
const server = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => { body += chunk; });
  request.on("end", () => {
    const answer = (status, value) => { response.writeHead(status, { "content-type": "application/json" }); response.end(JSON.stringify(value)); };
    if (request.url === "/login") return answer(200, { token: "t-" + JSON.parse(body).email });
    if (request.url.startsWith("/hello?tier=gold")) return answer(200, {});
    if (!/^Bearer t-/.test(request.headers.authorization || "")) return answer(401, {});
    if (request.method === "POST") return answer(201, { id: "o" + ++made, status: "created" });
    return answer(/^\\/orders\\/o\\d+\\?full=true$/.test(request.url) ? 200 : 404, {});
  });
});
server.keepAliveTimeout = 60000;
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
`;

const SCENARIO = `
scenario:
  variables: { tier: gold }
  data:
    - { file: accounts.csv, as: account, pick: unique }
  setup:
    - post: /login
      json: { email: "{{ account.email }}" }
      capture: { token: { json: /token } }
  tasks:
    - get: /hello?tier={{ tier }}
      weight: 3
    - name: order
      headers: { authorization: "Bearer {{ token }}" }
      steps:
        - post: /orders
          json: { sku: "{{ random.int(1, 100) }}", id: "{{ random.uuid }}" }
          expect: { status: 201, json: { /status: created } }
          capture: { order: { json: /id } }
        - get: /orders/{{ order }}
          name: /orders/:id
          query: { full: true }
`;

let world: World;
let url: string;
let shop: ReturnType<typeof spawn>;
beforeAll(async () => {
  world = await createWorld();
  shop = spawn(process.execPath, ["-e", SHOP], { stdio: ["ignore", "pipe", "inherit"] });
  const port = await new Promise((resolve) => {
    if (shop.stdout) createInterface({ input: shop.stdout }).once("line", resolve);
  });
  url = `http://127.0.0.1:${port}/hello?tier=gold`;
  writeFileSync(
    world.file("accounts.csv"),
    `email\n${Array.from({ length: 10 }, (_, i) => `user${i}@example.com`).join("\n")}\n`,
  );
  writeFileSync(world.file("shop.yml"), SCENARIO);
});
afterAll(async () => {
  shop.kill();
  await world.close();
});

const args = (more: readonly string[]) => [
  ...["run", "--url", url, "--users", "10", "--spawn-rate", "10", "--run-time", "4s", "--warm-up", "0s"],
  ...["--wait-time", "constant(0.02)", "--baseline", "none", "--out", "shop.json", "--json", ...more],
];

describe("a scenario file", () => {
  it("runs tasks by weight with setup, captures and checks, and every row is ok", async () => {
    const run = await world.cli(args(["--scenario", "shop.yml"]));
    const result = JSON.parse(run.stdout);
    expect(result.problems.filter(({ severity }: { severity: string }) => severity === "usage")).toEqual([]);
    const record = JSON.parse((await import("node:fs")).readFileSync(world.file("shop.json"), "utf8"));
    const rows = Object.fromEntries(
      record.tasks.map((task: { name: string; requests: number }) => [task.name, task.requests]),
    );
    expect(Object.keys(rows).toSorted()).toEqual(["/orders/:id", "GET /hello?tier={{ tier }}", "POST /orders"]);
    expect(record.totals.outcomes.ok).toBe(record.totals.requests);
    expect(rows["GET /hello?tier={{ tier }}"] / rows["POST /orders"]).toBeGreaterThan(2);
    expect(Math.abs(rows["POST /orders"] - rows["/orders/:id"])).toBeLessThanOrEqual(10);
  });

  it("works as a section of the config file too", async () => {
    writeFileSync(world.file("gate.yml"), `load:\n  seed: 7\n${SCENARIO}`);
    const run = await world.cli(args(["--config", "gate.yml", "--dry-run"]));
    expect([run.exitCode, run.stdout.includes("2 tasks")]).toEqual([0, true]);
  });

  it("names every mistake with line and column and sends nothing", async () => {
    writeFileSync(
      world.file("wrong.yml"),
      "scenario:\n  taks: []\n  tasks:\n    - get: /x/{{ nobody }}\n      weight: heavy\n",
    );
    const run = await world.cli(args(["--scenario", "wrong.yml"]));
    const { problems } = JSON.parse(run.stdout);
    expect(run.exitCode).toBe(2);
    const text = problems.map(({ message }: { message: string }) => message).join("\n");
    for (const piece of ["taks", "nobody", "heavy", "line 2", "line 4", "line 5"]) expect(text).toContain(piece);
  });

  it("refuses a step to a host that is not allowed", async () => {
    writeFileSync(world.file("other.yml"), "scenario:\n  tasks:\n    - get: https://other.example.com/x\n");
    const run = await world.cli(args(["--scenario", "other.yml"]));
    expect([run.exitCode, JSON.parse(run.stdout).problems[0].code]).toEqual([2, "host-not-allowed"]);
  });
});
