import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type GeneratedAnswer, mutatedAnswer } from "../unit/http1/generated-answers.ts";
import { NASTY_ANSWERS } from "../unit/http1/nasty-answers.ts";
import { latin1, readAnswer } from "../unit/http1/read-answer.ts";
import { KNOWN_DIFFERENCES, type KnownDifference } from "./http1-known-differences.ts";
import { ask, askAll, type OracleAnswer, openClient, startRawServer } from "./http1-undici-oracle.ts";

const GENERATED = 16_000;
/** Fixed, so that a failure comes back; other seeds were tried by hand when the parser was written. */
const SEED = 20_260_602;
const WIDTH = 16;
/** The body of the largest corpus row fits: whole bodies are compared. */
const LIMITS = { maxBody: 1_000_000, keptWanted: 1_000_000, keptFailure: 1_000_000 };

type Reading = { readonly raw: string; readonly ours: OracleAnswer; readonly theirs: OracleAnswer };

const readByUs = (raw: string, method: string): OracleAnswer => {
  const read = readAnswer(latin1(raw), { method, limits: LIMITS });
  if (read.fed !== "done") return { kind: "refused", text: read.error ?? "" };
  return { kind: "answer", status: read.status, body: read.body };
};

const readByBoth = async (answers: readonly GeneratedAnswer[]): Promise<readonly Reading[]> => {
  const server = await startRawServer(answers.map((answer) => latin1(answer.raw)));
  const methods = answers.map((answer) => answer.method);
  const theirs = await askAll(server.origin, methods, WIDTH);
  await server.close();
  return answers.map(({ raw, method }, index) => ({
    raw,
    ours: readByUs(raw, method),
    theirs: theirs[index] ?? { kind: "refused", text: "never asked" },
  }));
};

/** `null` when both say the same: the same status and body, or a refusal for whatever reason. */
const difference = ({ ours, theirs }: Reading): KnownDifference["ours"] | "other-status" | null => {
  if (ours.kind === "refused") return theirs.kind === "refused" ? null : "refuse";
  if (theirs.kind === "refused") return "accept";
  if (ours.status !== theirs.status) return "other-status";
  return ours.body === theirs.body ? null : "other-body";
};

const isKnown = (reading: Reading): boolean =>
  KNOWN_DIFFERENCES.some((known) => known.ours === difference(reading) && known.looksLike.test(reading.raw));

describe("our parser and undici's read the same", () => {
  it("from every hand-written nasty answer", async () => {
    const answers = NASTY_ANSWERS.map(({ raw, method = "GET" }) => ({ raw, method }));
    const readings = await readByBoth(answers);
    const differing = readings.flatMap((reading, index) =>
      difference(reading) === null ? [] : [{ name: NASTY_ANSWERS[index]?.name, ...reading }],
    );
    expect(differing).toEqual([]);
  });

  it(`from ${GENERATED.toLocaleString("en")} mutated answers`, async () => {
    const readings = await readByBoth(fc.sample(mutatedAnswer, { numRuns: GENERATED, seed: SEED }));
    const differing = readings.filter((reading) => difference(reading) !== null);
    expect(differing.filter((reading) => !isKnown(reading))).toEqual([]);
    expect(differing.length).toBeLessThan(GENERATED / 1_000);
    expect(readings.filter(({ ours }) => ours.kind === "answer").length).toBeGreaterThan(GENERATED / 4);
    expect(readings.filter(({ ours }) => ours.kind === "refused").length).toBeGreaterThan(GENERATED / 4);
  });
});

describe("the differences we know of are still there", () => {
  it.each(KNOWN_DIFFERENCES)("$name", async ({ ours, looksLike, examples }) => {
    const readings = await readByBoth(examples.map(({ raw, method = "GET" }) => ({ raw, method })));
    for (const reading of readings) {
      expect(reading.raw).toMatch(looksLike);
      expect(difference(reading), JSON.stringify(reading)).toBe(ours);
    }
  });
});

const OK = "HTTP/1.1 200 OK\r\n";

type ReuseRow = { readonly name: string; readonly raw: string; readonly method?: string; readonly undiciToo?: false };

const REUSE: readonly ReuseRow[] = [
  { name: "HTTP/1.1", raw: `${OK}content-length: 2\r\n\r\nhi` },
  { name: "HTTP/1.1, chunked", raw: `${OK}transfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n` },
  { name: "connection: close", raw: `${OK}connection: close\r\ncontent-length: 2\r\n\r\nhi` },
  { name: "Connection: CLOSE", raw: `${OK}Connection: CLOSE\r\ncontent-length: 2\r\n\r\nhi` },
  { name: "close in a list", raw: `${OK}connection: foo ,\tclose , bar\r\ncontent-length: 2\r\n\r\nhi` },
  { name: "close in the second line", raw: `${OK}connection: foo\r\nconnection: close\r\ncontent-length: 2\r\n\r\nhi` },
  { name: "closed is not close", raw: `${OK}connection: closed, close-ish, x close\r\ncontent-length: 2\r\n\r\nhi` },
  { name: "keep-alive and close", raw: `${OK}connection: keep-alive, close\r\ncontent-length: 2\r\n\r\nhi` },
  { name: "HTTP/1.0", raw: "HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nhi" },
  { name: "HTTP/1.0 keep-alive", raw: "HTTP/1.0 200 OK\r\nconnection: Keep-Alive\r\ncontent-length: 2\r\n\r\nhi" },
  { name: "204", raw: "HTTP/1.1 204 No Content\r\n\r\n" },
  { name: "204 that announces a body", raw: "HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\n" },
  { name: "304", raw: "HTTP/1.1 304 Not Modified\r\n\r\n" },
  { name: "304 that announces a body", raw: "HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n" },
  { name: "304 that announces chunks", raw: "HTTP/1.1 304 Not Modified\r\ntransfer-encoding: chunked\r\n\r\n" },
  { name: "304 with a length of 0", raw: "HTTP/1.1 304 Not Modified\r\ncontent-length: 0\r\n\r\n" },
  { name: "surplus bytes", raw: `${OK}content-length: 2\r\n\r\nhi there` },
  { name: "a second answer nobody asked for", raw: `${OK}content-length: 0\r\n\r\n${OK}content-length: 0\r\n\r\n` },
  { name: "an upgrade on offer", raw: `${OK}connection: upgrade\r\nupgrade: h2c\r\ncontent-length: 2\r\n\r\nhi` },
  // undici closes behind every HEAD, for servers that send a body all the same; with us such a body is surplus.
  { name: "HEAD", raw: `${OK}content-length: 5\r\n\r\n`, method: "HEAD", undiciToo: false },
  { name: "HEAD without framing", raw: `${OK}\r\n`, method: "HEAD", undiciToo: false },
  // llhttp lets keep-alive win on HTTP/1.0; RFC 9112 9.3 asks about close first.
  {
    name: "HTTP/1.0 with keep-alive and close",
    raw: "HTTP/1.0 200 OK\r\nconnection: keep-alive, close\r\ncontent-length: 2\r\n\r\nhi",
    undiciToo: false,
  },
  // No RFC knows the header; llhttp takes it for Connection.
  {
    name: "proxy-connection: close",
    raw: `${OK}proxy-connection: close\r\ncontent-length: 2\r\n\r\nhi`,
    undiciToo: false,
  },
  // llhttp skips empty lines between answers; SPEC 12.3 counts every surplus byte.
  { name: "an empty line behind the answer", raw: `${OK}content-length: 2\r\n\r\nhi\r\n`, undiciToo: false },
];

describe("our parser and undici's use the connection again", () => {
  it.each(REUSE)("$name", async ({ raw, method = "GET", undiciToo = true }) => {
    const ours = readAnswer(latin1(raw), { method, stayOpen: true });
    expect(ours.fed).toBe("done");
    const server = await startRawServer([latin1(raw), latin1(`${OK}content-length: 0\r\n\r\n`)], true);
    const client = openClient(server.origin);
    expect((await ask(client, 0, method)).kind).toBe("answer");
    expect((await ask(client, 1, "GET")).kind).toBe("answer");
    expect(server.connections() === 1).toBe(undiciToo ? ours.keepAlive : !ours.keepAlive);
    await client.destroy();
    await server.close();
  });
});
