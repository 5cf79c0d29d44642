import { beforeEach, describe, expect, it } from "vitest";
import { type LiveState, liveState, mostUsersByHand } from "../../../src/entry/live-state.ts";
import { newLive, nextLive } from "../../../src/load/live.ts";
import type { LiveSecond } from "../../../src/load/result.ts";
import type { LiveEvents } from "../../../src/report/live-events.ts";
import { seconds } from "../../../src/units.ts";
import { configOf } from "../config/sources.ts";
import { scenarioOf } from "../scenario/scenario-source.ts";

const config = configOf({ url: "https://a.example", users: "7" });

let sent: [keyof LiveEvents, unknown][];
let stops: number;
let changes: unknown[];
let state: LiveState;
beforeEach(() => {
  sent = [];
  stops = 0;
  changes = [];
  state = liveState(config, {
    send: (name, data) => sent.push([name, data]),
    stop: () => {
      stops++;
    },
  });
});

const letChange = (answer: boolean): void =>
  state.control((asked) => {
    changes.push(asked);
    return answer;
  });

describe("what the page's buttons ask for", () => {
  it.each([
    ["no body", null],
    ["a list", []],
    ["no spawn rate", { users: 3 }],
    ["nobody", { users: 0, spawnRate: 1 }],
    ["half a user", { users: 1.5, spawnRate: 1 }],
    ["a text", { users: "3", spawnRate: 1 }],
    ["more users than any run may have", { users: 100_001, spawnRate: 1 }],
    ["a rate of nothing", { users: 3, spawnRate: 0 }],
    ["a rate that is no number", { users: 3, spawnRate: Number.NaN }],
    ["a rate without a bound", { users: 3, spawnRate: Number.POSITIVE_INFINITY }],
  ])("%s changes nothing", (_, body) => {
    letChange(true);
    expect(state.ask("users", body).status).toBe(400);
    expect(changes).toEqual([]);
    expect(state.hello().status.changed).toBe(false);
  });

  it("users are changed, and every page is told", () => {
    letChange(true);
    expect(state.ask("users", { users: 30, spawnRate: 2.5 })).toEqual({
      status: 200,
      text: "Now 30 users, at 2.5 per second.",
    });
    expect(changes).toEqual([{ users: 30, spawnRate: 2.5 }]);
    expect(sent.at(-1)).toEqual(["status", expect.objectContaining({ users: 30, spawnRate: 2.5, changed: true })]);
  });

  it("a load that takes no change now is not shown as changed", () => {
    expect(state.ask("users", { users: 3, spawnRate: 1 }).status).toBe(409);
    letChange(false);
    expect(state.ask("users", { users: 3, spawnRate: 1 }).status).toBe(409);
    expect(state.hello().status).toMatchObject({ users: 7, changed: false });
  });

  it("a stop is passed on once it is asked for, and nothing else is known by name", () => {
    expect(state.ask("restart", {}).status).toBe(400);
    expect(stops).toBe(0);
    expect(state.ask("stop", {}).status).toBe(200);
    expect(stops).toBe(1);
    expect(state.hello().status.phase).toBe("stopping");
  });
});

describe("how many users may be asked for", () => {
  it("an open model, stages and a shard have nobody to ask for", () => {
    const url = "https://a.example";
    expect(mostUsersByHand(config)).toBe(100_000);
    expect(mostUsersByHand(configOf({ url, rate: "20/s" }))).toBeNull();
    expect(mostUsersByHand(configOf({ url, stages: "10s:5u" }))).toBeNull();
    expect(mostUsersByHand(configOf({ url, shard: "1/4", mode: "shard" }))).toBeNull();
  });

  it("data that gives each user a row of its own has no more users than rows", () => {
    const data = "data: [{ file: accounts.csv, as: a, pick: unique }]\ntasks: [{ get: '/{{ a.email }}' }]";
    expect(mostUsersByHand({ ...config, scenario: scenarioOf(data) })).toBe(2);
    expect(mostUsersByHand({ ...config, scenario: scenarioOf(data.replace("unique", "random")) })).toBe(100_000);
  });
});

const point = (elapsed: number): LiveSecond => {
  const sums = newLive({ scenario: null, tasks: [] });
  return nextLive(sums, seconds(elapsed));
};

it("a load that follows another begins its charts anew, on pages that are open too", () => {
  state.addSecond(point(8));
  letChange(true);
  state.addSecond(point(1));
  expect(sent.map(([name]) => name)).toEqual(["second", "hello", "second"]);
  expect(state.hello().points.map(({ elapsed }) => elapsed)).toEqual([1]);
});

describe("a page that is opened late", () => {
  it("gets the points of the last hour and the last lines", () => {
    for (let at = 1; at <= 3700; at++) state.addSecond(point(at));
    for (let at = 1; at <= 150; at++) state.addLine(`line ${at}`);
    const { points, lines, second } = state.hello();
    expect([points.length, points[0]?.elapsed, second?.elapsed]).toEqual([3600, 101, 3700]);
    expect([lines.length, lines[0]]).toEqual([100, "line 51"]);
  });
});
