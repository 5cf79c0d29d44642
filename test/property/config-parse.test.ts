import fc from "fast-check";
import { expect, it } from "vitest";
import { COMMANDS } from "../../src/config/commands.ts";
import { formatDuration, parseDuration } from "../../src/config/durations.ts";
import { explainConfig } from "../../src/config/explain.ts";
import { parseFlags } from "../../src/config/flags.ts";
import { INPUTS } from "../../src/config/inputs.ts";
import { parseConfig } from "../../src/config/parse.ts";
import { readYaml } from "../../src/config/read-yaml.ts";
import { nearest } from "../../src/config/suggest.ts";
import { millis } from "../../src/units.ts";

const names = INPUTS.map((row) => row.name);
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string(),
  fc.constantFrom(
    "5",
    "30s",
    "true",
    "https://a.example",
    "p95: +10%",
    "a: b",
    `\${X}`,
    "-1",
    "0",
    "__proto__",
    "1e999",
  ),
);
const inputs = fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), text);
const env = fc.dictionary(fc.constantFrom("X", "Y"), text);
const file = fc.oneof(
  fc.jsonValue(),
  fc.dictionary(
    fc.constantFrom("target", "load", "aws", "baseline", "gate", "report", "name", "mode"),
    fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), fc.oneof(text, fc.jsonValue())),
  ),
);

it("parseConfig answers whatever it is given: a whole configuration, or problems of one sentence each", () => {
  fc.assert(
    fc.property(inputs, file, env, fc.boolean(), (given, value, variables, needsTarget) => {
      const read = parseConfig({
        inputs: given,
        file: value,
        fileName: "gate.yml",
        env: variables,
        defaults: { name: "job" },
        needsTarget,
      });
      if (read.ok) {
        expect(explainConfig(read.value).every((line) => line !== "")).toBe(true);
        expect(needsTarget && read.value.target.url === null && read.value.target.stackName === null).toBe(false);
        expect(Number.isFinite(read.value.load.users * read.value.load.spawnRate * read.value.load.runTime)).toBe(true);
      } else {
        expect(read.problems.length).toBeGreaterThan(0);
        expect(read.problems.every((problem) => problem.severity === "usage")).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

it("a secret in a header never stands in a problem", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1 }), inputs, (noise, given) => {
      const secret = "s3cret-Value-42";
      const headers = `authorization: Bearer ${secret}${noise}\n${noise}${secret}`;
      const read = parseConfig({
        inputs: { ...given, headers },
        file: null,
        fileName: "gate.yml",
        env: {},
        defaults: { name: "job" },
        needsTarget: true,
      });
      // A header's name is not secret, and noise with a colon may make the secret a name.
      fc.pre(!noise.includes(":"));
      expect(JSON.stringify(read.ok ? [] : read.problems)).not.toContain(secret);
    }),
  );
});

it("readYaml answers every text", () => {
  const line = fc.constantFrom(
    "a: 1",
    "  b: 2",
    "- c",
    "? d",
    "&x",
    "*x",
    "!!t",
    "|",
    ">",
    "{",
    "]",
    "---",
    "...",
    "\t",
    "'",
    '"',
    "%",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc.array(line).map((lines) => lines.join("\n")),
      ),
      (source) => {
        const read = readYaml(source, "gate.yml");
        expect(read.ok || read.problems.every(({ code }) => code === "unreadable-file")).toBe(true);
      },
    ),
  );
});

it("parseFlags answers every command line", () => {
  const word = fc.oneof(
    fc.constantFrom(...names.map((name) => `--${name}`), "--", "-", "--=", "--json", "--base"),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.constantFrom(...COMMANDS), fc.array(word), (command, argv) => {
      const flags = parseFlags(command, argv);
      expect(flags.ok || flags.problems.length > 0).toBe(true);
    }),
  );
});

it("a duration is read back as it was written", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 21_600_000 }), (time) => {
      const written = formatDuration(millis(time));
      const given = { label: "x", text: written, shown: written };
      expect(parseDuration(given, { min: "0s", max: "6h", example: "1s" })).toEqual({ ok: true, value: time });
    }),
  );
});

it("a slip of one letter in a long name is understood", () => {
  const long = names.filter((name) => name.length >= 6);
  fc.assert(
    fc.property(fc.constantFrom(...long), fc.nat(), (name, at) => {
      const i = at % name.length;
      const slipped = name.slice(0, i) + name.slice(i + 1);
      fc.pre(!names.includes(slipped));
      expect(nearest(slipped, long)).not.toBeNull();
    }),
  );
});
