import { describe, expect, it } from "vitest";
import { readCapacity } from "../../../src/config/capacity-flags.ts";
import { COMMANDS, findCommand } from "../../../src/config/commands.ts";
import { EXAMPLES } from "../../../src/config/examples.ts";
import { parseFlags } from "../../../src/config/flags.ts";
import { helpText } from "../../../src/config/help.ts";
import { parseConfig } from "../../../src/config/parse.ts";

/** As a shell would split them: blanks, and double quotes around some. */
const words = (line: string): readonly string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");

const all = Object.entries(EXAMPLES).flatMap(([name, examples]) => examples.map((example) => ({ name, ...example })));

describe("examples of --help", () => {
  it.each(COMMANDS.map(({ name }) => name))("%s has two", (name) => {
    expect(EXAMPLES[name]).toHaveLength(2);
  });

  it("belong to commands that there are", () => {
    const names = COMMANDS.map(({ name }) => name);
    expect(Object.keys(EXAMPLES).filter((name) => !names.includes(name))).toEqual([]);
  });

  it.each(all)("$line", ({ name, line }) => {
    const [program, word = "", ...rest] = words(line);
    expect([program, word]).toEqual(["swarmgate", name]);
    const command = findCommand(word);
    if (!command.ok) throw new Error(JSON.stringify(command.problems));
    const flags = parseFlags(command.value, rest);
    if (!flags.ok) throw new Error(JSON.stringify(flags.problems));
    const { inputs } = flags.value;
    const values =
      name === "capacity"
        ? readCapacity(inputs)
        : parseConfig({
            inputs,
            env: {},
            file: null,
            fileName: "none",
            defaults: { name: "gate" },
            needsTarget: name === "run" || name === "calibrate",
          });
    expect(values.ok, JSON.stringify(values)).toBe(true);
  });

  it("stand in the help as they can be pasted: broken lines go on", () => {
    for (const { name, line } of all) {
      const command = COMMANDS.find((one) => one.name === name);
      const shown = command === undefined ? "" : helpText(command).replaceAll(/ \\\n +/g, " ");
      expect(shown).toContain(`\n  ${line}\n`);
    }
  });
});
