import { expect, it } from "vitest";
import { withoutOwn } from "../../../src/load/own-secrets.ts";

const HEADERS = ["Host", "shop.example.com", "Authorization", "Bearer abc123def456", "Content-Length", "1234567"];

it.each([
  ["its own token, repeated", "bad token abc123def456", "bad token ***"],
  ["its own token in a URL", "/login?next=%2F&t=Bearer%20abc123def456", "/login?next=%2F&t=***"],
  ["its own token, cut off", "bad token abc123d", "bad token ***"],
  ["a value it captured", 'no session "f00-ba7-session"', 'no session "***"'],
  ["a short value it captured", "order 1234 is gone", "order 1234 is gone"],
  ["what every request carries", "shop.example.com wanted 1234567 bytes", "shop.example.com wanted 1234567 bytes"],
])("clears an example of %s", (_, text, clear) => {
  expect(withoutOwn(text, { headers: HEADERS, captured: ["f00-ba7-session", "1234", 7, undefined] })).toBe(clear);
});

it("leaves the example of a request without headers alone", () => {
  expect(withoutOwn("Bearer abc123def456", { headers: [], captured: [] })).toBe("Bearer abc123def456");
});
