import type { Socket } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TransportChoice } from "../../src/load/engine/choose-transport.ts";
import { type GeneratedAnswer, knownAnswer, mutatedAnswer } from "../unit/http1/generated-answers.ts";
import { NASTY_ANSWERS } from "../unit/http1/nasty-answers.ts";
import { latin1 } from "../unit/http1/read-answer.ts";
import { KNOWN_DIFFERENCES, type KnownDifference } from "./http1-known-differences.ts";
import { ask, openConnection, type RawTarget, requestTo, type Seen, startRawTarget } from "./transport-harness.ts";

const GENERATED = 8_000;
/** Fixed, so that a failure comes back. */
const SEED = 20_260_603;
const WIDTH = 32;

/** An answer and where the server stops in it until what it has written so far was read. */
type CutAnswer = GeneratedAnswer & { readonly cuts: readonly number[] };

const cutAnswer: fc.Arbitrary<CutAnswer> = fc
  .record({
    answer: fc.oneof({ arbitrary: mutatedAnswer, weight: 3 }, { arbitrary: knownAnswer, weight: 1 }),
    shares: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }),
  })
  .map(({ answer: { raw, method }, shares }) => ({
    raw,
    method,
    cuts: [...new Set(shares.map((share) => Math.floor(share * raw.length)))].toSorted((a, b) => a - b),
  }));

/** Every byte on its own. */
const byteByByte = ({ raw, method = "GET" }: { readonly raw: string; readonly method?: string }): CutAnswer => ({
  raw,
  method,
  cuts: raw.length > 2_000 ? [] : Array.from({ length: raw.length }, (_, at) => at),
});

let answers: readonly CutAnswer[] = [];
let target: RawTarget;
beforeAll(async () => {
  target = await startRawTarget((socket, request) => {
    const answer = answers[Number(/^\w+ \/(\d+) /.exec(request)?.[1])];
    void writeInPieces(socket, answer ?? { raw: "", method: "GET", cuts: [] });
  });
});
afterAll(() => target.close());

const writeInPieces = async (socket: Socket, { raw, cuts }: CutAnswer): Promise<void> => {
  const offsets = [0, ...cuts, raw.length];
  for (let i = 1; i < offsets.length && !socket.destroyed; i++) {
    const piece = raw.slice(offsets[i - 1], offsets[i]);
    if (piece !== "") socket.write(latin1(piece));
    // A turn of the loop: the client, which lives in it too, has read what was written.
    await new Promise((resolve) => setImmediate(resolve));
  }
  socket.end();
};

const askAll = async (choice: TransportChoice): Promise<readonly Seen[]> => {
  const seen: Seen[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < answers.length) {
      const index = next++;
      const { connection } = openConnection(choice, target.origin);
      const method = answers[index]?.method ?? "GET";
      seen[index] = await ask(connection, requestTo(target.origin, { method, path: `/${index}` }));
      connection.close();
    }
  };
  await Promise.all(Array.from({ length: WIDTH }, lane));
  return seen;
};

type Reading = { readonly raw: string; readonly net: Seen | undefined; readonly undici: Seen | undefined };

const readByBoth = async (list: readonly CutAnswer[]): Promise<readonly Reading[]> => {
  answers = list;
  const net = await askAll("net");
  const undici = await askAll("undici");
  return list.map(({ raw }, index) => ({ raw, net: net[index], undici: undici[index] }));
};

type Difference = KnownDifference["ours"] | "other-class" | "other-status" | null;

/** `null` when both say the same of outcome, status, body bytes, content type and refusal, for whatever reason. */
const difference = ({ net, undici }: Reading): Difference => {
  if (net === undefined || undici === undefined) return "other-class";
  if (net.error !== null && undici.error !== null) return net.outcome === undici.outcome ? null : "other-class";
  if (net.error !== null) return "refuse";
  if (undici.error !== null) return "accept";
  if (net.status !== undici.status || net.outcome !== undici.outcome) return "other-status";
  const same = (["body", "bodyProblem", "sample", "contentType"] as const).every((part) => net[part] === undici[part]);
  return same ? null : "other-body";
};

const isKnown = (reading: Reading): boolean =>
  KNOWN_DIFFERENCES.some((known) => known.ours === difference(reading) && known.looksLike.test(reading.raw));

const unknown = (readings: readonly Reading[]): readonly Reading[] =>
  readings.filter((reading) => difference(reading) !== null && !isKnown(reading));

describe("both transports say the same", () => {
  it("of every hand-written nasty answer, one byte at a time", async () => {
    expect(unknown(await readByBoth(NASTY_ANSWERS.map(byteByByte)))).toEqual([]);
  });

  it(`of ${GENERATED.toLocaleString("en")} generated and mutated answers, cut anywhere`, async () => {
    const readings = await readByBoth(fc.sample(cutAnswer, { numRuns: GENERATED, seed: SEED }));
    expect(unknown(readings)).toEqual([]);
    expect(readings.filter((reading) => difference(reading) !== null).length).toBeLessThan(GENERATED / 500);
    expect(readings.filter(({ net }) => net?.error === null).length).toBeGreaterThan(GENERATED / 4);
    expect(readings.filter(({ net }) => net?.outcome === "reset").length).toBeGreaterThan(GENERATED / 4);
    // The cuts are real: many answers took more than one read.
    expect(readings.filter(({ net }) => (net?.download ?? 0) > 0).length).toBeGreaterThan(GENERATED / 10);
  });

  it("and still differ where we know that they do", async () => {
    for (const { name, ours, examples } of KNOWN_DIFFERENCES) {
      const readings = await readByBoth(examples.map(({ raw, method = "GET" }) => ({ raw, method, cuts: [] })));
      expect(readings.map(difference), name).toEqual(examples.map(() => ours));
    }
  });
});
