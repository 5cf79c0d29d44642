import { realpathSync, statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { Config } from "../config/config.ts";
import { type Parsed, parsed, refused, usageProblem } from "../errors.ts";
import { probeModule } from "../load/engine/module/probe-module.ts";
import { moduleScenario } from "../scenario/module-scenario.ts";
import { scenarioApi, workerFile } from "./product-files.ts";

/** Whether the file that `scenario` names is a module; everything else is YAML. */
export const isScenarioModule = (path: string): boolean => /\.m?[jt]s$/i.test(path);

/** The configuration with the tasks of a scenario module, or every problem of it. Nothing but the module's import is run. */
export const withScenarioModule = async (config: Config, path: string): Promise<Parsed<Config>> => {
  const file = fileAt(path);
  if (file === null) {
    const hint = "Mend scenario, or leave it out.";
    return refused([usageProblem("unreadable-file", `The scenario file ${path} does not exist.`, hint)]);
  }
  const module = { url: pathToFileURL(file).href, api: scenarioApi() };
  const facts = await probeModule(workerFile(), module);
  return facts.ok ? parsed({ ...config, scenario: moduleScenario(module, facts.value) }) : facts;
};

/** Where the file really is, `null` without one. */
const fileAt = (path: string): string | null => {
  try {
    const real = realpathSync(path);
    return statSync(real).isFile() ? real : null;
  } catch {
    return null;
  }
};
