import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { PRICES } from "../../../src/cloud/prices.ts";
import { configure } from "../../../src/entry/configure.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "swarmgate-prices-"));
});

afterAll(() => rm(folder, { recursive: true }));

const configured = async (content: string | null) => {
  const prices = join(folder, "prices.json");
  if (content === null) await rm(prices, { force: true });
  else await writeFile(prices, content);
  const inputs = { url: "https://a.example/", prices };
  return await configure({ inputs, env: {}, name: "gate", needsTarget: true });
};

describe("a price table of the user's", () => {
  test("is read before anything is sent, and priced with", async () => {
    const own = { ...PRICES, asOf: "2026-01-01", requestsPerMillion: 0.5 };
    const config = await configured(JSON.stringify(own));
    expect(config).toMatchObject({ ok: true, value: { aws: { prices: own } } });
  });

  it.each([
    ["that does not exist", null, "unreadable-file", /prices\.json does not exist/],
    ["that is not JSON", "{", "unreadable-file", /is not JSON/],
    ["without prices", '{"schema":"swarmgate.prices/v1"}', "bad-value", /asOf is not a day/],
  ])("%s is refused by name", async (_, content, code, message) => {
    const config = await configured(content);
    expect(config).toMatchObject({ ok: false, problems: [{ code, message: expect.stringMatching(message) }] });
  });
});
