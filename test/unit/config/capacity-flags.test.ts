import { describe, expect, it, test } from "vitest";
import { answerCapacity } from "../../../src/cloud/capacity-answer.ts";
import { PRICES } from "../../../src/cloud/prices.ts";
import { readCapacity } from "../../../src/config/capacity-flags.ts";
import { findCommand } from "../../../src/config/commands.ts";
import { parseFlags } from "../../../src/config/flags.ts";
import { capacityJson, capacityText } from "../../../src/entry/capacity-text.ts";
import { doctorText } from "../../../src/entry/doctor-text.ts";

const WIDE = { prices: PRICES, now: Date.parse("2026-12-01T00:00:00Z"), width: Number.POSITIVE_INFINITY };

const asked = (words: string) => {
  const command = findCommand("capacity");
  if (!command.ok) throw new Error("capacity is not a command");
  const flags = parseFlags(command.value, words.split(" "));
  return flags.ok ? readCapacity(flags.value.inputs) : flags;
};

const answer = (words: string) => {
  const request = asked(words);
  if (!request.ok) throw new Error(request.problems.map((problem) => problem.message).join(" "));
  return answerCapacity(request.value.question, PRICES);
};

describe("swarmgate capacity", () => {
  it.each([
    ["--rate 200/s --duration 701ms", 141, null],
    ["--rate 200 --duration 701ms --account-limit 1000", 141, true],
    ["--rate 200 --duration 701ms --account-limit 10", 141, false],
    ["--rate 200 --duration 701ms --account-limit 1000 --reserved 100", 141, false],
    ["--rate 20000 --duration 50ms", 2000, null],
    ["--rate 2000 --duration 200ms --init 1s --cold-share 10%", 600, null],
    ["--rate 2000 --duration 1s --ramp 0s", 2000, false],
    ["--rate 2000 --duration 1s --ramp 10s", 2000, true],
    ["--rate 1000 --duration 640ms --per-environment 64", 10, null],
    ["--rate 20000 --duration 10ms --front-end rest-api", 2000, false],
    ["--rate 10 --duration 35s --front-end http-api", 350, false],
  ])("%s needs %i environments, fits: %j", (words, environments, fits) => {
    const found = answer(words);
    expect(found.requiredConcurrency).toBe(environments);
    expect(found.headroom.fits).toBe(fits);
  });

  test("the text has the arithmetic, each limit with its share, the ramp, the cost and the verdict", () => {
    const words =
      "--rate 200/s --duration 701ms --init 300ms --cold-share 1% --ramp 30s --memory 512 --architecture arm64 --account-limit 1000 --front-end rest-api --region eu-west-1";
    expect(capacityText(answer(words), WIDE)).toMatchInlineSnapshot(`
      "required concurrency: 141 environments
        200 requests/s x (701 ms + 1 % x 300 ms) = 141 in flight
      account concurrency: needs 141 of 1,000 environments (14.1 %): ok
      10 x account concurrency: needs 200 of 10,000 requests/s (2 %): ok
      rate of REST API: needs 200 of 10,000 requests/s (2 %), the default quota: ok
      burst of REST API: needs 0 of 5,000 requests (0 %), the default quota: ok
      integration timeout of REST API: needs 701 ms of 29,000 ms (2.4 %), the default quota: ok
      ramp: 201 new environments within 30s, Lambda starts up to 4,000: it can be followed
      cost per million requests: 8.40 USD (requests 0.2000 USD, duration 4.70 USD, REST API 3.50 USD)
      cost per month at this rate, day and night: 4,278.48 USD on demand
        with 141 provisioned environments: 3,867.49 USD, 99.9 % busy; cheaper than on demand above 60 %
        list prices of 2026-11-21, 10 days old (us-east-1, taken for eu-west-1), without free tier
      It fits.
      "
    `);
  });

  test("a rate that cannot be served says so in a word", () => {
    const text = capacityText(answer("--rate 5000 --duration 500ms --ramp 1s --reserved 100"), WIDE);
    expect(text).toContain("needs 2,500 of 100 environments (2,500 %): NO");
    expect(text).toContain("NO, it throttles; the shortest ramp is 15s");
    expect(text.trimEnd().split("\n").at(-1)).toBe("It does not fit: requests would be throttled or fail.");
  });

  test("without a limit to compare with it claims nothing", () => {
    expect(capacityText(answer("--rate 10 --duration 1s"), WIDE)).toContain("No limit was given");
  });

  test("JSON: the same figures, null where nothing was asked", () => {
    expect(capacityJson(answer("--rate 200 --duration 701ms"), PRICES)).toEqual({
      schema: "swarmgate.capacity/v1",
      rate: 200,
      requiredConcurrency: 141,
      inFlight: 140.2,
      byTenTimesRule: false,
      fits: null,
      headroom: [],
      ramp: null,
      cost: null,
      notes: [],
    });
  });

  it.each([
    ["--rate 200", "duration"],
    ["--duration 1s", "rate"],
    ["--rate fast --duration 1s", "--rate"],
    ["--rate 200 --duration 701", "--duration"],
    ["--rate 200 --duration 1s --cold-share 1%", "--init"],
    ["--rate 200 --duration 1s --init 1s --cold-share 101%", "--cold-share"],
    ["--rate 200 --duration 1s --memory 64", "--memory"],
    ["--rate 200 --duration 1s --front-end nginx", "--front-end"],
    ["--rate 200 --duration 1s --per-environment 4 --provisioned 3", "--provisioned"],
    ["--rate 200 --duration 1s --reserved 50 --provisioned 60", "--provisioned is 60, more than --reserved 50"],
    ["--rate 200 --duration 1s --users 5", "users"],
  ])("%s is refused and names %s", (words, named) => {
    const request = asked(words);
    expect(request.ok).toBe(false);
    if (!request.ok) expect(request.problems.map((problem) => problem.message).join(" ")).toContain(named);
  });
});

describe("on a narrow terminal", () => {
  const words = (text: string): readonly string[] => text.split(/\s+/);

  test("capacity breaks its lines between words", () => {
    const asked = answer("--rate 200/s --duration 701ms");
    const narrow = capacityText(asked, { ...WIDE, width: 60 });
    expect(Math.max(...narrow.split("\n").map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(words(narrow)).toEqual(words(capacityText(asked, WIDE)));
  });

  test("so does doctor, below its own sentence", () => {
    const text = "No URL is known here, so none was tried.";
    const finding = { level: "warn", check: "target", text, mend: "Give --url URL, or --stack-name NAME." } as const;
    expect(doctorText([finding], 50)).toBe(
      [
        "warn  target  No URL is known here, so none was",
        "              tried. Give --url URL, or",
        "              --stack-name NAME.",
        "",
      ].join("\n"),
    );
    expect(doctorText([finding], Number.POSITIVE_INFINITY).split("\n")).toHaveLength(2);
  });
});
