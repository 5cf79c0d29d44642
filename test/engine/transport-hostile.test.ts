import type { Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { TransportChoice } from "../../src/load/engine/choose-transport.ts";
import type { OutcomeClass } from "../../src/load/outcome.ts";
import {
  ask,
  type Opened,
  openConnection,
  pause,
  type RawTarget,
  requestTo,
  startRawTarget,
} from "./transport-harness.ts";

const OK = "HTTP/1.1 200 OK\r\n";
const HI = `${OK}content-length: 2\r\n\r\nhi`;
const TWO_GB = 2_147_483_648;
const MEGABYTE = Buffer.alloc(1_048_576, "x");

const open: { target: RawTarget | null; opened: Opened | null } = { target: null, opened: null };
afterEach(async () => {
  open.opened?.connection.close();
  await open.target?.close();
});

const start = async (
  choice: TransportChoice,
  onRequest: (socket: Socket, request: string) => void,
  options: { readonly scheme?: "http" | "https"; readonly insecure?: boolean } = {},
) => {
  const target = await startRawTarget(onRequest, options.scheme);
  const opened = openConnection(choice, target.origin, { insecure: options.insecure ?? true });
  open.target = target;
  open.opened = opened;
  const request = requestTo(target.origin, { keep: "sample" });
  return { target, ...opened, request, go: () => ask(opened.connection, request) };
};

const writeAsFastAsRead = async (socket: Socket, piece: Buffer, bytes: number): Promise<void> => {
  for (let left = bytes; left > 0 && !socket.destroyed; left -= piece.length) {
    const whole = socket.write(piece.subarray(0, Math.min(left, piece.length)));
    if (!whole) await drained(socket);
  }
};

/** Room again, or nobody there any more. */
const drained = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    const settle = (): void => {
      socket.off("drain", settle).off("close", settle);
      resolve();
    };
    socket.on("drain", settle).on("close", settle);
  });

/** How much more memory the process holds, in bytes, at the worst moment of the work. */
const growth = async (work: () => Promise<unknown>): Promise<number> => {
  const before = process.memoryUsage.rss();
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 20);
  await work();
  clearInterval(timer);
  return Math.max(peak, process.memoryUsage.rss()) - before;
};

type Row = readonly [
  sentence: string,
  answer: (socket: Socket) => void,
  expected: { readonly outcome: OutcomeClass; readonly status: number },
  example: RegExp,
];

const ROWS: readonly Row[] = [
  ["a reset", (socket) => socket.resetAndDestroy(), { outcome: "reset", status: 0 }, /^ECONNRESET: /],
  ["an end without a byte", (socket) => socket.end(), { outcome: "reset", status: 0 }, /closed without an answer/],
  [
    "half a header, then the end",
    (socket) => socket.end(`${OK}content-le`),
    { outcome: "reset", status: 0 },
    /closed inside the header/,
  ],
  [
    "a body that is cut off",
    (socket) => socket.end(`${OK}content-length: 10\r\n\r\nhi`),
    { outcome: "reset", status: 200 },
    /closed after 2 of 10 body bytes/,
  ],
  [
    "a reset inside the body",
    (socket) => {
      socket.write(`${OK}content-length: 10\r\n\r\nhi`);
      setTimeout(() => socket.resetAndDestroy(), 50);
    },
    { outcome: "reset", status: 200 },
    /ECONNRESET/,
  ],
  [
    "a chunk size that is none",
    (socket) => socket.write(`${OK}transfer-encoding: chunked\r\n\r\nzz\r\n`),
    { outcome: "reset", status: 200 },
    /BAD_ANSWER: bad chunk size/,
  ],
  ["no HTTP at all", (socket) => socket.write("220 mail\r\n"), { outcome: "reset", status: 0 }, /not an HTTP answer/],
  [
    "a header without end",
    (socket) => socket.write(`${OK}a: ${"x".repeat(70_000)}`),
    { outcome: "reset", status: 0 },
    /header larger than 64 KB/,
  ],
  [
    "a change of protocol",
    (socket) => socket.write("HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n"),
    { outcome: "reset", status: 0 },
    /101/,
  ],
];

describe.each<TransportChoice>(["net", "undici"])("%s against a target that answers with", (choice) => {
  it.each(ROWS)("%s", async (_sentence, answer, expected, example) => {
    let answers = 0;
    const { go, connects, target } = await start(choice, (socket) => {
      answers++;
      if (answers === 1) answer(socket);
      else socket.write(HI);
    });
    const seen = await go();
    expect(seen.outcome).toBe(expected.outcome);
    if (choice === "net") {
      expect(seen.status).toBe(expected.status);
      expect(`${seen.error?.code}: ${seen.error?.message}`).toMatch(example);
    }
    // Neither retried nor left on a connection of no use: the next request has one of its own.
    expect(target.requests).toHaveLength(1);
    expect(await go()).toMatchObject({ outcome: "ok", status: 200 });
    expect(connects.map(({ first }) => first)).toEqual([true, false]);
    expect(target.accepted()).toBe(2);
  });
});

describe.each<TransportChoice>(["net", "undici"])("%s, given up on by its user", (choice) => {
  it.each<readonly [string, (socket: Socket) => void]>([
    ["while the target hangs", () => {}],
    ["while the target has sent half a header", (socket) => socket.write(`${OK}content-le`)],
    ["while the target sends without end", (socket) => void endless(socket)],
  ])("%s, says nothing more and starts anew", async (_sentence, answer) => {
    let answers = 0;
    const { connection, request, go, connects, target } = await start(choice, (socket) => {
      answers++;
      if (answers === 1) answer(socket);
      else socket.write(HI);
    });
    let called = 0;
    const grown = await growth(async () => {
      connection.request(request, () => {
        called++;
      });
      await pause(300);
      connection.cancel();
      await pause(20);
    });
    expect(grown).toBeLessThan(100e6);
    expect(await go()).toMatchObject({ outcome: "ok" });
    expect(called).toBe(0);
    expect(connects.map(({ first }) => first)).toEqual([true, false]);
    expect(target.accepted()).toBe(2);
  });
});

const CHUNK = Buffer.concat([Buffer.from("100000\r\n"), MEGABYTE, Buffer.from("\r\n")]);

const endless = async (socket: Socket): Promise<void> => {
  socket.write(`${OK}transfer-encoding: chunked\r\n\r\n`);
  await writeAsFastAsRead(socket, CHUNK, Number.POSITIVE_INFINITY);
};

describe("net counts bodies of any size in the same memory", () => {
  it("a body that is announced to be larger than 2 GB is refused before it is read", async () => {
    const head = `${OK}content-length: ${TWO_GB + 1}\r\n\r\n`;
    const { go } = await start("net", (socket) => socket.write(head));
    expect(await go()).toMatchObject({ outcome: "reset", status: 200, error: { message: "body too large" } });
  });

  it("a body of 2 GB is read to its end", async () => {
    const head = `${OK}content-length: ${TWO_GB}\r\n\r\n`;
    const { go, connects } = await start("net", (socket) => {
      socket.write(head);
      void writeAsFastAsRead(socket, MEGABYTE, TWO_GB);
    });
    const grown = await growth(async () => {
      expect(await go()).toMatchObject({ outcome: "ok", received: TWO_GB + head.length, body: null });
    });
    expect(grown).toBeLessThan(100e6);
    expect(connects).toHaveLength(1);
  });

  it("a chunked body without end is refused behind 2 GB", async () => {
    const { go } = await start("net", (socket) => void endless(socket));
    const grown = await growth(async () => {
      const seen = await go();
      expect(seen).toMatchObject({ outcome: "reset", status: 200 });
      expect(seen.error).toMatchObject({ code: "BAD_ANSWER", message: "body too large" });
      expect(seen.received).toBeGreaterThan(TWO_GB);
    });
    expect(grown).toBeLessThan(100e6);
  });
});

describe.each<TransportChoice>(["net", "undici"])("%s over TLS", (choice) => {
  it("refuses a certificate that nobody signed, before anything is sent", async () => {
    const { go, connects, target } = await start(choice, (socket) => socket.write(HI), {
      scheme: "https",
      insecure: false,
    });
    for (let i = 0; i < 2; i++) {
      const seen = await go();
      expect(seen).toMatchObject({ outcome: "tls-error", status: 0, sent: 0, received: 0, ttfb: null });
      expect(`${seen.error?.code}: ${seen.error?.message}`).toMatch(/SELF_SIGNED|CERT_NOT_YET_VALID/);
    }
    expect(connects).toEqual([]);
    expect(target.requests).toEqual([]);
  });

  it("takes it when told to", async () => {
    const { go } = await start(choice, (socket) => socket.write(HI), { scheme: "https" });
    expect(await go()).toMatchObject({ outcome: "ok" });
  });

  it("does not talk to a target that does not speak TLS", async () => {
    const target = await startRawTarget((socket) => socket.end("HTTP/1.1 400 Bad\r\n\r\n"));
    open.target = target;
    open.opened = openConnection(choice, target.origin.replace("http:", "https:"));
    const seen = await ask(open.opened.connection, requestTo(target.origin));
    expect(seen).toMatchObject({ outcome: "tls-error", sent: 0 });
  });
});
