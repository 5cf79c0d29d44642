/** Whose comment it is, and that there is one of it: tokens of apps, servers without GraphQL, jobs at the same time. */
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
const write = (text: string, client = clientAt(simulator.urls.github), onlyIfPresent = false) =>
  upsertComment({ client, issue: 7, token: "ghs_x" }, { marker: MARKER, body: `${MARKER}\n${text}`, onlyIfPresent });
const comment = (text: string, user: User) => ({ issue: 7, body: `${MARKER}\n${text}`, user });
const comments = async () =>
  (await simulator.github()).comments.map(({ body, user }) => `${user.login}: ${body.replace(`${MARKER}\n`, "")}`);
const ids = async () => (await simulator.github()).comments.map(({ id }) => id);
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

  test("an app learns from the new comment who it is, and keeps the old one", async () => {
    await simulator.putGithub({ tokenUser: APP.login, overrides: [noGraphql] });
    const first = await write("one");
    expect(await write("two")).toEqual(first);
    expect(await comments()).toEqual([`${APP.login}: two`]);
  });

  test("nothing is deleted of an author who is only assumed", async () => {
    await simulator.putGithub({ overrides: [noGraphql], comments: [comment("one", JOB), comment("two", JOB)] });
    await write("three");
    expect(await comments()).toEqual([`${JOB.login}: three`, `${JOB.login}: two`]);
  });
});

test("GitHub Enterprise Server has its GraphQL beside the version of REST", async () => {
  await clientAt(`${simulator.urls.github}/api/v3`).graphql("query { viewer { login } }");
  expect((await simulator.github()).requests.map(({ path }) => path)).toEqual(["/api/graphql"]);
});

/** A client that waits with a kind of request until it is told to go on. */
const held = (method: string, until: () => Promise<unknown>): GithubClient => {
  const client = clientAt(simulator.urls.github);
  return {
    ...client,
    request: async (route, ...rest) => {
      if (route.startsWith(method)) await until();
      return await client.request(route, ...rest);
    },
  };
};

/** Resolves for everybody when `count` have come. */
const meeting = (count: number): (() => Promise<void>) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let missing = count;
  return () => {
    missing -= 1;
    if (missing === 0) resolve();
    return promise;
  };
};

describe("jobs that look before either has written", () => {
  const onlyOne = async (written: readonly unknown[]) => {
    const [id, ...others] = await ids();
    expect(others).toEqual([]);
    expect(written).toEqual(written.map(() => ({ ok: true, value: { id } })));
  };

  test.each([2, 3, 5])("and then write together leave one comment: %i of them", async (count) => {
    const together = meeting(count);
    const texts = Array.from({ length: count }, (_, at) => `run ${at}`);
    const written = await Promise.all(texts.map((text) => write(text, held("POST", together))));
    await onlyOne(written);
    expect(texts.map((text) => `${JOB.login}: ${text}`)).toContain((await comments())[0]);
  });

  test("and write one after the other leave the older comment with the newer text", async () => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const second = write(
      "second",
      held("POST", () => promise),
    );
    const first = await write("first");
    resolve(first);
    await onlyOne([first, await second]);
    expect(await comments()).toEqual([`${JOB.login}: second`]);
  });
});

describe("several comments of our own", () => {
  const twice = [comment("one", JOB), comment("two", JOB), comment("three", JOB)];

  test("become one, the oldest, and nobody else's goes", async () => {
    const others = [
      comment("copied", { login: "mallory", type: "User" }),
      comment("of an app", APP),
      { issue: 7, body: "<!-- swarmgate:v1:other -->\nanother gate", user: JOB },
      { issue: 7, body: `see ${MARKER}`, user: JOB },
    ];
    await simulator.putGithub({ comments: [...others, ...twice] });
    const before = await comments();
    const oldest = (await ids())[others.length];
    expect(await write("new")).toEqual({ ok: true, value: { id: oldest } });
    expect(await comments()).toEqual([...before.slice(0, others.length), `${JOB.login}: new`]);
  });

  test("that may not be deleted cost nothing, and go with the next run", async () => {
    const refused = { method: "DELETE", pathRegex: "/comments/", status: 403, times: 2 };
    await simulator.putGithub({ comments: twice, overrides: [refused] });
    expect(await write("new")).toMatchObject({ ok: true });
    expect(await comments()).toHaveLength(3);
    await write("newer", undefined, true);
    expect(await comments()).toEqual([`${JOB.login}: newer`]);
  });

  test("whose oldest somebody deletes meanwhile are written anew as one", async () => {
    await simulator.putGithub({ comments: twice });
    const [oldest] = await ids();
    let gone = false;
    const client = clientAt(simulator.urls.github);
    const deleting = held("PATCH", async () => {
      if (!gone) await client.request("DELETE /issues/comments/{id}", { id: oldest });
      gone = true;
    });
    expect(await write("new", deleting)).toMatchObject({ ok: true });
    expect(await comments()).toEqual([`${JOB.login}: new`]);
  });
});
