import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ResponseParser } from "../../src/load/engine/http1/response-parser.ts";
import { knownAnswer, mutatedAnswer } from "../unit/http1/generated-answers.ts";
import { NASTY_ANSWERS } from "../unit/http1/nasty-answers.ts";
import { latin1, readAnswer } from "../unit/http1/read-answer.ts";

/** Above this length not every single cut is tried. */
const EVERY_CUT_UP_TO = 600;

const oneByteEach = (raw: Buffer): readonly number[] => Array.from({ length: raw.length }, (_, i) => i);

const everyCut = (raw: Buffer): readonly (readonly number[])[] => {
  const cuts = oneByteEach(raw).map((cut) => [cut]);
  return raw.length <= EVERY_CUT_UP_TO ? cuts : cuts.filter((_, i) => i % 997 === 0);
};

describe("the result does not depend on how the bytes are cut into chunks", () => {
  it.each(NASTY_ANSWERS)("$name", ({ raw, method = "GET" }) => {
    const bytes = latin1(raw);
    const whole = readAnswer(bytes, { method });
    for (const cuts of [...everyCut(bytes), oneByteEach(bytes)]) {
      expect(readAnswer(bytes, { method, cuts }), `cut at ${cuts.slice(0, 3)}`).toEqual(whole);
    }
  });

  it("for mutated answers, cut anywhere", () => {
    const splits = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 });
    fc.assert(
      fc.property(mutatedAnswer, splits, fc.constantFrom("sample", "body"), ({ raw, method }, shares, keep) => {
        const bytes = latin1(raw);
        const reading = { method, keep };
        const whole = readAnswer(bytes, reading);
        const cuts = shares.map((share) => Math.floor(share * bytes.length));
        expect(readAnswer(bytes, { ...reading, cuts })).toEqual(whole);
        expect(readAnswer(bytes, { ...reading, cuts: oneByteEach(bytes) })).toEqual(whole);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe("what was sent is what is read", () => {
  it("status, version, header and body of well-formed answers", () => {
    fc.assert(
      fc.property(knownAnswer, (answer) => {
        const read = readAnswer(latin1(answer.raw), { method: answer.method });
        expect(read).toMatchObject({
          fed: "done",
          status: answer.status,
          httpMinor: answer.minor,
          contentType: answer.contentType,
          body: answer.body,
          bodyBytes: answer.body.length,
          headBytes: answer.headBytes,
          keepAlive: answer.minor === 1 && !answer.endsWithConnection,
          surplus: 0,
        });
      }),
      { numRuns: 2_000 },
    );
  });

  it("surplus bytes are counted and leave the answer as it is", () => {
    const sized = knownAnswer.filter((answer) => !answer.endsWithConnection);
    fc.assert(
      fc.property(sized, fc.string({ minLength: 1 }), (answer, more) => {
        const read = readAnswer(Buffer.concat([latin1(answer.raw), Buffer.from(more)]), { stayOpen: true });
        expect(read).toMatchObject({ fed: "done", status: answer.status, body: answer.body, keepAlive: false });
        expect(read.surplus).toBe(Buffer.byteLength(more));
      }),
    );
  });

  it("an answer without its last byte is an error, unless the connection ends it", () => {
    const sized = knownAnswer.filter((answer) => !answer.endsWithConnection);
    fc.assert(
      fc.property(sized, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (answer, share) => {
        const read = readAnswer(latin1(answer.raw).subarray(0, Math.floor(share * answer.raw.length)));
        expect(read).toMatchObject({ fed: "error", error: expect.stringMatching(/^closed /) });
      }),
    );
  });

  it("a parser remembers nothing of the answer before", () => {
    fc.assert(
      fc.property(mutatedAnswer, mutatedAnswer, fc.nat(400), (first, second, cut) => {
        const parser = new ResponseParser();
        readAnswer(latin1(first.raw), { method: first.method, cuts: [cut % (first.raw.length + 1)] }, parser);
        const again = readAnswer(latin1(second.raw), { method: second.method }, parser);
        expect(again).toEqual(readAnswer(latin1(second.raw), { method: second.method }));
      }),
      { numRuns: 2_000 },
    );
  });
});
