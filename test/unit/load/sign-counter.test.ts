import { describe, expect, it, test } from "vitest";
import { SignCounter } from "../../../src/load/engine/sign-counter.ts";

const answer = (headers: Readonly<Record<string, string>>) => ({ header: (name: string) => headers[name] ?? null });
const once = (headers: Readonly<Record<string, string>>) => {
  const counter = new SignCounter();
  counter.look(answer(headers));
  return counter.take();
};

describe("signs of caches", () => {
  it.each([
    [{ "x-cache": "Hit from cloudfront" }, { cacheHits: 1, aged: 0 }],
    [
      { "x-cache": "RefreshHit from cloudfront", age: "3" },
      { cacheHits: 1, aged: 1 },
    ],
    [{ "x-cache": "HIT" }, { cacheHits: 1, aged: 0 }],
    [{ "x-cache": "Miss from cloudfront" }, { cacheHits: 0, aged: 0 }],
    [{ "x-cache": "LambdaLimitExceeded from cloudfront" }, { cacheHits: 0, aged: 0 }],
    [{ age: "0" }, { cacheHits: 0, aged: 0 }],
    [{ age: "soon" }, { cacheHits: 0, aged: 0 }],
    [{}, { cacheHits: 0, aged: 0 }],
  ])("%j", (headers, signs) => expect(once(headers)).toEqual({ seen: 1, ...signs }));

  test("of many answers a sample is looked at, with the share that all of them have", () => {
    const counter = new SignCounter();
    for (let i = 0; i < 20_000; i++) counter.look(answer(i % 3 === 0 ? { age: "7" } : {}));
    const { seen, aged } = counter.take();
    expect(seen).toBeLessThan(2_000);
    expect(Math.abs(aged / seen - 1 / 3)).toBeLessThan(0.02);
  });

  test("taking begins anew", () => {
    const counter = new SignCounter();
    counter.look(answer({ age: "1" }));
    counter.take();
    expect(counter.take()).toEqual({ seen: 0, cacheHits: 0, aged: 0 });
  });
});
