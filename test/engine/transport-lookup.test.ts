import dns from "node:dns";
import { createServer } from "node:http";
import type { AddressInfo, LookupFunction } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { nodeProbe } from "../../src/adapters/node/probe.ts";
import { awaitReady } from "../../src/gate/await-ready.ts";
import { encodeRequest } from "../../src/load/engine/encode-request.ts";
import { netTransport } from "../../src/load/engine/net-transport.ts";
import { keptLookup } from "../../src/load/engine/resolve.ts";
import type { Answer, Transport } from "../../src/load/engine/transport.ts";
import { undiciTransport } from "../../src/load/engine/undici-transport.ts";
import { epochMs, millis } from "../../src/units.ts";
import { fakeLog } from "../fake-log.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

type Address = { readonly address: string; readonly family: number };

/** What the system's resolver says from now on; returns how often it was asked. */
const resolveTo = (answers: Readonly<Record<string, readonly Address[]>>): (() => number) => {
  const spy = vi.spyOn(dns, "lookup").mockImplementation(((
    hostname: string,
    _: unknown,
    callback: (error: Error | null, addresses: readonly Address[]) => void,
  ) => {
    const known = answers[hostname];
    setTimeout(() => {
      if (known === undefined) callback(Object.assign(new Error("not found"), { code: "ENOTFOUND" }), []);
      else callback(null, known);
    }, 5);
  }) as unknown as typeof dns.lookup);
  return () => spy.mock.calls.length;
};

const v4 = (address: string): Address => ({ address, family: 4 });
const v6 = (address: string): Address => ({ address, family: 6 });

const look = (lookup: LookupFunction, name: string): Promise<readonly string[] | string> =>
  new Promise((resolve) => {
    lookup(name, { all: true }, (error, addresses) =>
      resolve(error === null && Array.isArray(addresses) ? addresses.map(({ address }) => address) : String(error)),
    );
  });

const ask = (transport: Transport, host: string): Promise<Pick<Answer, "status" | "error">> =>
  new Promise((resolve) => {
    const connection = transport.open();
    const request = encodeRequest({ method: "GET", path: "/", host, headers: [], body: null, keep: "sample" });
    connection.request(request, ({ status, error }) => {
      connection.close();
      resolve({ status, error });
    });
  });

const OPTIONS = { insecure: false, http2: false, idle: millis(10_000), onConnected: () => undefined };

test("many users that connect at once, and soon after, ask the resolver once", async () => {
  const server = createServer((_, response) => response.end("ok")).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const asked = resolveTo({ "many.example.com": [v4("127.0.0.1")] });
  const origin = `http://many.example.com:${(server.address() as AddressInfo).port}`;
  const transport = netTransport({ origin, ...OPTIONS });
  const answers = await Promise.all(Array.from({ length: 300 }, () => ask(transport, "many.example.com")));
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  await ask(transport, "many.example.com");
  server.close();
  expect(asked()).toBe(1);
});

test("an answer is kept for seconds and not for ever, a failure for less", async () => {
  const asked = resolveTo({ "kept.example.com": [v4("127.0.0.1")] });
  let now = 1000;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  const lookup = keptLookup();
  const after = async (name: string, ms: number): Promise<number> => {
    now += ms;
    await look(lookup, name);
    return asked();
  };
  expect(await after("kept.example.com", 0)).toBe(1);
  expect(await after("kept.example.com", 4900)).toBe(1);
  expect(await after("kept.example.com", 200)).toBe(2);
  expect(await after("gone.example.com", 0)).toBe(3);
  expect(await after("gone.example.com", 400)).toBe(3);
  expect(await after("gone.example.com", 200)).toBe(4);
});

test("the addresses of a name take turns, and the family that comes first stays first", async () => {
  resolveTo({ "two.example.com": [v4("10.0.0.1"), v6("fd00::1"), v4("10.0.0.2"), v4("10.0.0.3")] });
  const lookup = keptLookup();
  const firsts: (string | undefined)[] = [];
  for (let time = 0; time < 4; time++) firsts.push((await look(lookup, "two.example.com"))[0]);
  expect(firsts).toEqual(["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.1"]);
  expect((await look(lookup, "two.example.com")).length).toBe(4);
});

describe("a name that leads to an address to which nothing may be sent", () => {
  const REFUSED = [
    ["link-local", [v4("169.254.169.254")]],
    ["the second of two", [v4("127.0.0.1"), v4("169.254.170.2")]],
    ["link-local, IPv6, with a zone", [v6("fe80::1%eth0")]],
    ["mapped into IPv6, in the resolver's spelling", [v6("::ffff:169.254.169.254")]],
    ["the metadata service's IPv6 address", [v6("fd00:ec2::254")]],
  ] as const;
  test.each(REFUSED)("%s: no connection is opened by either transport", async (_, addresses) => {
    const name = `bad${REFUSED.findIndex(([, one]) => one === addresses)}.example.com`;
    resolveTo({ [name]: addresses });
    for (const make of [netTransport, undiciTransport]) {
      const answer = await ask(make({ origin: `http://${name}`, ...OPTIONS }), name);
      expect(answer).toMatchObject({ status: 0, error: { code: "ADDRESS_REFUSED", phase: "connect" } });
    }
  });

  test("the readiness probe ends with wrong usage before any load, not after its deadline", async () => {
    resolveTo({ "bad.example.com": [v4("169.254.169.254")] });
    const now = Date.now();
    const waiting = awaitReady({
      rules: {
        url: "http://bad.example.com/",
        status: [{ from: 200, to: 399 }],
        commit: null,
        timeout: millis(60_000),
        deadline: epochMs(now + 60_000),
      },
      headers: {},
      insecure: false,
      signal: new AbortController().signal,
      ports: {
        probe: nodeProbe,
        clock: { now: () => epochMs(Date.now()), sleep: async () => undefined },
        log: fakeLog(),
      },
    });
    await expect(waiting).rejects.toMatchObject({
      problems: [
        {
          code: "host-not-allowed",
          severity: "usage",
          message: "bad.example.com leads to 169.254.169.254, a link-local address.",
        },
      ],
    });
  });

  test("addresses that only look alike are looked up as ever", async () => {
    resolveTo({ "fine.example.com": [v4("169.253.1.1"), v6("fd00:ec2::255"), v6("fec0::1")] });
    expect(await look(keptLookup(), "fine.example.com")).toHaveLength(3);
  });
});
