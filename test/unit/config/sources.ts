import type { Config } from "../../../src/config/config.ts";
import { type ConfigSources, parseConfig } from "../../../src/config/parse.ts";
import { readYaml } from "../../../src/config/read-yaml.ts";

/** Sources of a run with nothing given but a URL. */
export const sources = (change: Partial<ConfigSources> = {}): ConfigSources => ({
  inputs: { url: "https://preview.example.com" },
  file: null,
  fileName: "gate.yml",
  env: {},
  defaults: { name: "job" },
  needsTarget: true,
  ...change,
});

/** The configuration of these inputs beside a URL; a problem is a failure of the test. */
export const configOf = (inputs: Readonly<Record<string, string>>, change: Partial<ConfigSources> = {}): Config => {
  const config = parseConfig(sources({ inputs: { url: "https://preview.example.com", ...inputs }, ...change }));
  if (!config.ok) throw new Error(config.problems.map((problem) => problem.message).join("\n"));
  return config.value;
};

/** `code: message` of everything that is wrong with these inputs beside a URL. */
export const problemsOf = (
  inputs: Readonly<Record<string, string>>,
  change: Partial<ConfigSources> = {},
): readonly string[] => {
  const config = parseConfig(sources({ inputs: { url: "https://preview.example.com", ...inputs }, ...change }));
  return config.ok ? [] : config.problems.map((problem) => `${problem.code}: ${problem.message}`);
};

/** Value of a YAML text that must be readable. */
export const yaml = (text: string): unknown => {
  const read = readYaml(text, "gate.yml");
  if (!read.ok) throw new Error(read.problems.map((problem) => problem.message).join("\n"));
  return read.value;
};
