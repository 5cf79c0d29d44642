import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ambientSecrets } from "../../../src/config/ambient-secrets.ts";
import { hideCutSecrets, hideSecrets } from "../../../src/config/hide-secrets.ts";
import { formsOf } from "../../../src/config/secret-forms.ts";

const SECRET = `Pa/ss+"w<o>r'd &1 é!`;
const forms = formsOf(SECRET);
const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("a secret is found however a server writes it", () => {
  it.each([
    ["as it is", SECRET],
    ["in JSON", JSON.stringify({ seen: SECRET })],
    ["in JSON with escaped slashes", JSON.stringify({ seen: SECRET }).replaceAll("/", "\\/")],
    ["in a query", `/?a=${encodeURIComponent(SECRET)}`],
    ["in a query in small letters", `/?a=${encodeURIComponent(SECRET).replace(/%../g, (code) => code.toLowerCase())}`],
    ["in a form", `a=${encodeURIComponent(SECRET).replaceAll("%20", "+")}&b=1`],
    [
      "in HTML",
      `<p>${SECRET.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;").replaceAll("'", "&#39;")}</p>`,
    ],
    ["in base64", base64(SECRET)],
    ["in base64 of more, first place", base64(`abc${SECRET}xyz`)],
    ["in base64 of more, second place", base64(`ab${SECRET}xy`)],
    ["in base64 of more, third place", base64(`a${SECRET}x`)],
    ["in base64 for URLs", Buffer.from(`a${SECRET}x`).toString("base64url")],
  ])("%s", (_, text) => {
    expect(hideSecrets(text, forms)).toContain("***");
    expect(hideSecrets(text, forms)).not.toContain("Pa");
  });
});

it("a secret is found in the base64 of any text around it", () => {
  const secret = fc.string({ minLength: 12, maxLength: 40 });
  fc.assert(
    fc.property(fc.string(), secret, fc.string(), (before, inner, after) => {
      const hidden = hideSecrets(base64(before + inner.toWellFormed() + after), formsOf(inner));
      expect(hidden).toContain("***");
    }),
  );
});

describe("a text that was cut", () => {
  it.each([
    ["in the middle of a secret", "the key is topsec", "the key is ***"],
    ["after four letters of it", "the key is tops", "the key is ***"],
    ["after three letters, which tell nothing", "the key is top", "the key is top"],
    ["behind a whole one", "topsecret-1 was seen", "*** was seen"],
    ["behind one and within the next", "topsecret-1 topsecr", "*** ***"],
  ])("%s", (_, text, hidden) => {
    expect(hideCutSecrets(text, ["topsecret-1"])).toBe(hidden);
  });

  it("never ends with four letters that a secret begins with", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b"), minLength: 6, maxLength: 9 });
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "b", "c") }), letters, (text, secret) => {
        const hidden = hideCutSecrets(text, [secret]);
        expect(hidden).not.toContain(secret);
        expect([4, 5, 6].some((length) => hidden.endsWith(secret.slice(0, length)))).toBe(false);
      }),
    );
  });
});

it("short pieces and words stay what they are", () => {
  expect(formsOf("abc")).toEqual([]);
  expect(formsOf("Preview")).not.toContain("preview");
});

it("keys of the surroundings are secrets, words in their place are none", () => {
  const key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
  const secrets = ambientSecrets({ AWS_SECRET_ACCESS_KEY: key, AWS_ACCESS_KEY_ID: "testing", OTHER: "x".repeat(40) });
  expect(secrets).toContain(key);
  expect(secrets.filter((one) => one === "testing" || one.includes("xxx"))).toEqual([]);
});
