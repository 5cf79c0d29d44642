import { describe, expect, it } from "vitest";
import { systemNotes } from "../../../src/record/system-notes.ts";

const one = (index: number, facts: Readonly<Record<string, string | number | boolean | null>>) =>
  Object.fromEntries(Object.entries(facts).map(([name, value]) => [`functions.${index}.${name}`, value]));
const orders = { name: "orders", codeSha256: "abc", memoryMb: 512, snapStart: false };

describe("systemNotes", () => {
  it.each([
    ["equal", orders, ["same code on both sides"]],
    ["more memory", { ...orders, memoryMb: 1024 }, ["same code on both sides", "memory 512 -> 1024 MB"]],
    ["other code", { ...orders, codeSha256: "def" }, []],
    ["a hash that is not known", { ...orders, codeSha256: null }, []],
    ["memory that is not known", { ...orders, memoryMb: null }, ["same code on both sides"]],
    ["SnapStart", { ...orders, snapStart: true, codeSha256: "x" }, ["SnapStart off -> on"]],
    ["the same place under another name", { ...orders, name: "orders-pr-7" }, ["same code on both sides"]],
  ])("%s", (_, head, notes) => {
    expect(systemNotes(one(0, orders), one(0, head))).toEqual(notes);
  });

  it("names the function where there are several, whatever their order", () => {
    const cart = { name: "cart", codeSha256: "c", memoryMb: 128 };
    const base = { ...one(0, orders), ...one(1, cart) };
    const head = { ...one(0, { ...cart, memoryMb: 256 }), ...one(1, orders) };
    expect(systemNotes(base, head)).toEqual(["same code on both sides", "memory of cart 128 -> 256 MB"]);
  });

  it("says nothing of systems without facts", () => {
    expect(systemNotes({}, {})).toEqual([]);
    expect(systemNotes({}, one(0, orders))).toEqual([]);
  });

  it("region and front end", () => {
    expect(
      systemNotes({ region: "eu-west-1", frontEnd: "rest-api" }, { region: "us-east-1", frontEnd: "alb" }),
    ).toEqual(["front end rest-api -> alb", "region eu-west-1 -> us-east-1"]);
  });
});
