import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkHost } from "../../src/target/allowed-host.ts";
import { type ReadinessAnswer, readinessStart, readinessStep } from "../../src/target/readiness.ts";
import { checkCommit } from "../../src/target/ready-commit.ts";
import { epochMs, millis } from "../../src/units.ts";

const answers = fc.oneof(
  fc
    .integer({ min: 100, max: 599 })
    .map((status): ReadinessAnswer => ({ kind: "answer", status, headers: {}, body: "" })),
  fc
    .constantFrom("dns", "connect", "tls", "timeout", "reset")
    .map((cause): ReadinessAnswer => ({ kind: "error", cause, text: "x" })),
  fc.constant<ReadinessAnswer>({ kind: "answer", status: 200, headers: {}, body: "" }),
);
const isGood = (answer: ReadinessAnswer | undefined): boolean =>
  answer?.kind === "answer" && answer.status >= 200 && answer.status <= 399;

describe("readiness, whatever the target answers", () => {
  const scenes = fc.record({
    given: fc.array(answers, { minLength: 1, maxLength: 60 }),
    timeout: fc.integer({ min: 0, max: 60_000 }),
    cost: fc.integer({ min: 0, max: 2_000 }),
  });

  test("ready needs three good answers in a row, giving up needs the deadline and a bad one, and one of them comes", () => {
    fc.assert(
      fc.property(scenes, ({ given, timeout, cost }) => {
        const rules = {
          url: "https://a.example/",
          status: [{ from: 200, to: 399 }],
          commit: null,
          timeout: millis(timeout),
          deadline: epochMs(timeout),
        };
        let state = readinessStart;
        let now = 0;
        const seen: ReadinessAnswer[] = [];
        for (let probe = 0; ; probe += 1) {
          now += cost;
          const answer = given[probe % given.length] as ReadinessAnswer;
          seen.push(answer);
          const step = readinessStep(rules, state, { answer, now: epochMs(now) });
          if (step.kind === "ready") {
            expect(seen.slice(-3).map(isGood)).toEqual([true, true, true]);
            return;
          }
          if (step.kind === "give-up") {
            expect(isGood(answer)).toBe(false);
            expect(now).toBeGreaterThanOrEqual(timeout);
            return;
          }
          // Beyond the deadline only a run of successes may go on.
          expect(now < timeout || isGood(answer)).toBe(true);
          expect(step.time).toBeGreaterThan(0);
          state = step.state;
          now += step.time;
          expect(now).toBeLessThanOrEqual(timeout + 2 * (cost + 500) + cost);
        }
      }),
    );
  });
});

const hex = fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 40, maxLength: 40 });

test("a commit is accepted exactly when one side, of seven characters at least, begins the other", () => {
  fc.assert(
    fc.property(hex, fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }), (sha, shown, known) => {
      const rule = { kind: "header", at: "x-commit", sha: sha.slice(0, known) } as const;
      const found = checkCommit(rule, { headers: { "X-Commit": sha.slice(0, shown) }, body: "" });
      expect(found === null).toBe(Math.min(shown, known) >= 7);
    }),
  );
});

test("another commit is never accepted", () => {
  fc.assert(
    fc.property(hex, hex, fc.integer({ min: 7, max: 40 }), (sha, other, length) => {
      fc.pre(!sha.startsWith(other.slice(0, length)));
      const rule = { kind: "json", at: "/sha", sha } as const;
      expect(checkCommit(rule, { headers: {}, body: JSON.stringify({ sha: other.slice(0, length) }) })).not.toBeNull();
    }),
  );
});

test("a link-local address is refused in every spelling", () => {
  const byte = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(byte, byte, (c, d) => {
      const number = 169 * 2 ** 24 + 254 * 2 ** 16 + c * 256 + d;
      const part = (value: number) => value.toString(16);
      const spellings = [
        `169.254.${c}.${d}`,
        `${number}`,
        `0x${number.toString(16)}`,
        `0251.0376.0${c.toString(8)}.0${d.toString(8)}`,
        `169.254.${c * 256 + d}`,
        `[::ffff:a9fe:${part(c * 256 + d)}]`,
        `[::169.254.${c}.${d}]`,
        `[64:ff9b::169.254.${c}.${d}]`,
      ];
      for (const host of spellings) {
        const url = `http://${host}/`;
        expect([host, checkHost(url, { given: [url], allowed: [] })?.code]).toEqual([host, "host-not-allowed"]);
      }
    }),
  );
});
