import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LiveServer, startLiveServer } from "../../src/adapters/node/live-server.ts";

const asked: unknown[] = [];
let server: LiveServer;
let port: string;
let path: string;

beforeAll(async () => {
  server = await startLiveServer({
    page: { html: "<!doctype html><p>page", policy: "default-src 'none'" },
    port: null,
    hello: () => ({ name: "hello", data: { known: 1 } }),
    ask: (what, body) => {
      asked.push([what, body]);
      return { status: 200, text: "done" };
    },
  });
  ({ port, pathname: path } = new URL(server.url));
});
afterAll(async () => {
  await server.close(null);
});

const send = async (
  method: string,
  to: string,
  { body = "", ...headers }: Readonly<Record<string, string>> = {},
): Promise<IncomingMessage> => {
  const sent = request({ host: "127.0.0.1", port, path: to, method, headers });
  sent.end(body);
  const [answer] = await once(sent, "response");
  return answer;
};

const status = async (...words: Parameters<typeof send>): Promise<number> => {
  const answer = await send(...words);
  answer.destroy();
  return answer.statusCode ?? 0;
};

describe("who may read the live page", () => {
  const home = (): string => `127.0.0.1:${port}`;
  it.each([
    ["its own address", {}, 200],
    ["localhost behind a forwarded port", { host: "localhost:9999" }, 200],
    ["a stranger's name that points at this machine", { host: "evil.example:80" }, 403],
    ["a name that only begins like ours", { host: "localhost.evil.example" }, 403],
    ["a page of another origin", { origin: "http://evil.example" }, 403],
    ["another program's page on this machine", { origin: "http://localhost:3000" }, 403],
    ["a page without an origin to tell", { origin: "null" }, 403],
    ["a frame or a link on another site", { "sec-fetch-site": "cross-site" }, 403],
  ] as const)("%s", async (_, headers, expected) => {
    expect(await status("GET", path, headers)).toBe(expected);
    expect(await status("GET", `${path}events`, headers)).toBe(expected);
  });

  it("without the token there is nothing, whatever stands in its place", async () => {
    for (const other of [
      "/",
      "/events",
      `${path.slice(0, -2)}/`,
      `${path.slice(0, -2)}x/`,
      `/x${path}`,
      `${path}a/b`,
    ]) {
      expect([other, await status("GET", other)]).toEqual([other, 404]);
    }
    expect(path.length).toBeGreaterThan(30);
  });

  it("only its own page may ask for a change", async () => {
    asked.length = 0;
    const own = { origin: `http://${home()}` };
    expect(await status("POST", `${path}stop`, { body: "{}" })).toBe(405);
    expect(await status("POST", `${path}stop`, { origin: "http://evil.example", body: "{}" })).toBe(403);
    expect(await status("GET", `${path}stop`, own)).toBe(405);
    expect(asked).toEqual([]);
    expect(await status("POST", `${path}users`, { ...own, body: '{"users":3}' })).toBe(200);
    expect(await status("POST", `${path}users`, { ...own, body: "not json" })).toBe(200);
    expect(asked).toEqual([
      ["users", { users: 3 }],
      ["users", null],
    ]);
  });

  it("a body without an end is cut off", async () => {
    asked.length = 0;
    const sent = send("POST", `${path}users`, { origin: `http://${home()}`, body: `"${"x".repeat(100_000)}"` });
    await expect(sent).rejects.toThrow();
    expect(asked).toEqual([]);
  });

  it("the page carries its policy, and is never kept or lent to another origin", async () => {
    const { headers } = await send("GET", path);
    expect(headers["content-security-policy"]).toBe("default-src 'none'");
    expect(headers["cache-control"]).toBe("no-store");
    expect(headers["cross-origin-resource-policy"]).toBe("same-origin");
    expect(headers["access-control-allow-origin"]).toBeUndefined();
  });
});

it("a page hears what was before, then every event, and the last one at the end", async () => {
  const own = await startLiveServer({
    page: { html: "", policy: "" },
    port: null,
    hello: () => ({ name: "hello", data: { lines: ["a\nb"] } }),
    ask: () => ({ status: 400, text: "" }),
  });
  const events = request(`${own.url}events`);
  events.end();
  const [answer] = await once(events, "response");
  own.send({ name: "second", data: 1 });
  await own.close({ name: "end", data: "over" });
  expect(await text(answer)).toBe(
    'retry: 1000\n\nevent: hello\ndata: {"lines":["a\\nb"]}\n\nevent: second\ndata: 1\n\nevent: end\ndata: "over"\n\n',
  );
  await expect(status("GET", "/")).resolves.toBe(404);
});

it("a port that is taken is an error, not a page somewhere else", async () => {
  const taken = startLiveServer({
    page: { html: "", policy: "" },
    port: Number(port),
    hello: () => ({ name: "hello", data: null }),
    ask: () => ({ status: 400, text: "" }),
  });
  await expect(taken).rejects.toThrow("EADDRINUSE");
});
