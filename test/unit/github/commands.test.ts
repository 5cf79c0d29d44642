import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { annotation, harmless, maskCommands } from "../../../src/adapters/github/commands.ts";
import { actionLog } from "../../../src/adapters/github/log.ts";
import type { LoadProgress } from "../../../src/load/result.ts";
import { epochMs, seconds } from "../../../src/units.ts";

describe("a line from outside", () => {
  test.each([
    ["::set-output name=verdict::pass", ": : "],
    ["  ::error::boo", ": : "],
    ["ok ##[error]boo", "## [error]"],
    ["a\n::stop-commands::x", "a : : "],
    ["a\r::warning::x", "a : : "],
    ["a\u2028::warning::x", "a : : "],
    ["\u001b[2J::error::x", " [2J: : "],
    [":::", ": : :"],
  ])("%j holds no command afterwards", (line, part) => {
    expect(harmless(line)).toContain(part.trimEnd());
    expect(harmless(line)).not.toMatch(/::|##\[|[\r\n\u2028\u2029]|\p{Cc}/u);
  });

  test("keeps what is no command", () => {
    expect(harmless("GET https://host:8080/a?b=c 12:30:01 – größer")).toBe(
      "GET https://host:8080/a?b=c 12:30:01 – größer",
    );
  });

  test("whatever it is", () => {
    const pieces = fc.array(fc.constantFrom(":", "::", "#", "##", "[", "##[", "\n", "\r", " ", "x"));
    fc.assert(
      fc.property(
        fc.oneof(
          pieces.map((all) => all.join("")),
          fc.string({ unit: "binary" }),
        ),
        (line) => {
          expect(harmless(line)).not.toMatch(/::|##\[|[\r\n]/);
        },
      ),
    );
  });
});

describe("our commands", () => {
  test("cannot be left early by their text", () => {
    expect(annotation("error", "Gate: p50, p95", "100%\n::warning::x\r\n##[error]y\u001b[31m")).toBe(
      "::error title=Gate%3A p50%2C p95::100%25%0A: :warning: :x%0A## [error]y [31m\n",
    );
  });

  test("mask a value as a whole and by line, once each, blanks never", () => {
    expect(maskCommands(["one\ntwo", "two", " ", ""])).toBe(
      "::add-mask::one%0Atwo\n::add-mask::one\n::add-mask::two\n",
    );
  });
});

describe("the job's log", () => {
  const progress = (elapsed: number): LoadProgress => ({
    phase: "steady",
    elapsed: seconds(elapsed),
    runTime: seconds(60),
    users: 20,
    requests: elapsed * 40,
    failures: 1,
    dropped: 0,
    requestsPerSecond: 40,
    failuresPerSecond: 0,
    usersAsked: 20,
    tasks: [],
    mean: 15,
    p50: 12.34,
    p95: 30,
    p99: null,
  });
  const lines = (use: (log: ReturnType<typeof actionLog>) => void): readonly string[] => {
    const written: string[] = [];
    const write = (text: string) => written.push(text);
    use(actionLog(write, { open: (name) => write(`group ${name}\n`), close: () => write("end\n") }));
    return written;
  };

  test("shows progress every five seconds of load", () => {
    const shown = lines((log) => {
      for (let second = 1; second <= 20; second += 1) log.progress(progress(second));
    });
    expect(shown.map((line) => /(\d+)\/60/.exec(line)?.[1])).toEqual(["1", "6", "11", "16"]);
    expect(shown[0]).toContain("20 users");
  });

  test("folds each part that has lines, and leaves what comes after the end outside", () => {
    const shown = lines((log) => {
      log.info("early");
      log.stage("waiting");
      log.wait({ text: "Waiting for x", until: epochMs(0), detail: "it answers with status 404" });
      log.info("x is ready");
      log.stage("load");
      log.stage("aws");
      log.warn("late");
      log.end();
      log.info("after");
    });
    expect(shown.map((line) => line.trimEnd())).toEqual([
      "early",
      "group Waiting for the target",
      "Waiting for x, 0 s left: it answers with status 404.",
      "x is ready",
      "end",
      "group What AWS saw",
      "Warning: late",
      "end",
      "after",
    ]);
  });

  test("lets no command through", () => {
    expect(lines((log) => log.warn("the target said ::error::x"))).toEqual(["Warning: the target said : :error: :x\n"]);
  });
});
