/** Whose comment it is: tokens of apps, and servers without GraphQL. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Simulator, startSimulator } from "../../simulator/client.ts";
import type { User } from "../../simulator/github/model.ts";
import { createGithubClient, type GithubClient } from "../../src/adapters/github/client.ts";
import { markOutdated, upsertComment } from "../../src/adapters/github/comments.ts";

const MARKER = "<!-- swarmgate:v1:gate -->";
const APP: User = { login: "perf-gate[bot]", type: "Bot" };
const JOB: User = { login: "github-actions[bot]", type: "Bot" };
const sha = (letter: string): string => letter.repeat(40);

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ command: process.execPath, args: ["simulator/main.ts"] });
});
afterAll(() => simulator.stop());
beforeEach(async () => {
  const pulls = [{ number: 7, head: { sha: sha("b"), ref: "feature" }, base: { sha: sha("a"), ref: "main" } }];
  await simulator.putGithub({ reset: true, pulls });
});

const clientAt = (apiUrl: string): GithubClient =>
  createGithubClient({ token: "ghs_x", apiUrl, repository: "octo/shop", retryBase: 1 });
const write = (text: string) =>
  upsertComment(
    { client: clientAt(simulator.urls.github), issue: 7, token: "ghs_x" },
    { marker: MARKER, body: `${MARKER}\n${text}`, onlyIfPresent: false },
  );
const comment = (text: string, user: User) => ({ issue: 7, body: `${MARKER}\n${text}`, user });
const comments = async () =>
  (await simulator.github()).comments.map(({ body, user }) => `${user.login}: ${body.replace(`${MARKER}\n`, "")}`);
const noGraphql = { pathRegex: "^/graphql$", status: 404, body: { message: "Not Found" } };

describe.each([
  ["an app", APP, APP.login],
  ["the job itself", JOB, ""],
])("with the token of %s the comment", (_, me, tokenUser) => {
  const other = me === APP ? JOB : APP;
  beforeEach(() => simulator.putGithub({ tokenUser }));

  test("is created by the first run, marked as outdated and edited by the second", async () => {
    const first = await write("one");
    const place = { client: clientAt(simulator.urls.github), issue: 7, token: "ghs_x" };
    await markOutdated(place, { marker: MARKER, line: "measuring", unless: "two" });
    expect(await comments()).toEqual([`${me.login}: > ⏳ measuring\n\none`]);
    expect(await write("two")).toEqual(first);
    expect(await comments()).toEqual([`${me.login}: two`]);
  });

  test.each<readonly [string, User]>([
    ["of a person", { login: "mallory", type: "User" }],
    ["of another app", other],
    ["of a person with the app's name", { login: me.login, type: "User" }],
  ])("leaves a comment %s with the same marker alone", async (__, user) => {
    await simulator.putGithub({ comments: [comment("all is well", user), comment("and here", user)] });
    await write("one");
    await write("two");
    expect(await comments()).toEqual([`${user.login}: all is well`, `${user.login}: and here`, `${me.login}: two`]);
  });
});

describe("on a server without GraphQL", () => {
  test.each([
    ["the interface", noGraphql],
    ["an answer", { pathRegex: "^/graphql$", status: 502 }],
    ["the field", { pathRegex: "^/graphql$", status: 200, body: { data: null, errors: [{ message: "no viewer" }] } }],
  ])("a job's own token finds its comment without %s", async (_, override) => {
    await simulator.putGithub({ overrides: [override] });
    const first = await write("one");
    expect(await write("two")).toEqual(first);
    expect(await comments()).toEqual([`${JOB.login}: two`]);
  });
});

test("GitHub Enterprise Server has its GraphQL beside the version of REST", async () => {
  await clientAt(`${simulator.urls.github}/api/v3`).graphql("query { viewer { login } }");
  expect((await simulator.github()).requests.map(({ path }) => path)).toEqual(["/api/graphql"]);
});
