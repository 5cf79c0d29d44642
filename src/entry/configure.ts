import { nodeFiles } from "../adapters/node/files.ts";
import { ambientSecrets } from "../config/ambient-secrets.ts";
import { type Config, sendsLoad } from "../config/config.ts";
import { parseConfig } from "../config/parse.ts";
import { readYaml } from "../config/read-yaml.ts";
import { type Parsed, type Problem, parsed, refused, usageProblem } from "../errors.ts";
import { readPrices } from "./read-prices.ts";
import { type ScenarioFile, withScenario } from "./read-scenario-file.ts";
import { isScenarioModule, withScenarioModule } from "./read-scenario-module.ts";

export const CONFIG_FILE = ".github/swarmgate.yml";
const MAX_CONFIG_BYTES = 256 * 1024;

export type Asked = {
  readonly inputs: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Name of the gate when nothing names it: the job id. */
  readonly name: string;
  /** Whether this command sends load. */
  readonly needsTarget: boolean;
  /** Whether the event itself names a deployment, so that nothing else has to. */
  readonly offersTarget?: boolean;
};

/** Inputs, environment and config file to a configuration, or to every problem in them at once. */
export const configure = async ({ inputs, env, name, needsTarget, offersTarget }: Asked): Promise<Parsed<Config>> => {
  const named = inputs["config"] ?? "";
  const fileName = named === "" ? CONFIG_FILE : named;
  const file = await readConfigFile(fileName, named !== "");
  const config = parseConfig({
    inputs,
    env,
    file: file.ok ? file.value : null,
    fileName,
    defaults: { name },
    needsTarget: needsTarget && offersTarget !== true && file.ok,
  });
  const problems: readonly Problem[] = [...problemsOf(file), ...problemsOf(config)];
  if (!config.ok || problems.length > 0) return refused(problems);
  const secrets = [...config.value.secrets, ...ambientSecrets(env)];
  const priced = await withPrices({ ...config.value, secrets });
  if (!priced.ok) return priced;
  const scenario = scenarioFile(inputs["scenario"] ?? "", { fileName, value: file.ok ? file.value : null });
  if (scenario === null || !needsTarget || !sendsLoad(config.value.mode)) return priced;
  return !scenario.isConfig && isScenarioModule(scenario.path)
    ? await withScenarioModule(priced.value, scenario.path)
    : withScenario(priced.value, scenario, env);
};

const withPrices = async (config: Config): Promise<Parsed<Config>> => {
  const { pricesFile } = config.aws;
  if (pricesFile === null) return parsed(config);
  const prices = await readPrices(pricesFile, "prices");
  return prices.ok ? parsed({ ...config, aws: { ...config.aws, prices: prices.value } }) : prices;
};

/** The file that `scenario` names, else the config file's own section. */
const scenarioFile = (
  named: string,
  { fileName, value }: { readonly fileName: string; readonly value: unknown },
): ScenarioFile | null => {
  if (named !== "") return { path: named, isConfig: false };
  const hasSection = typeof value === "object" && value !== null && "scenario" in value;
  return hasSection ? { path: fileName, isConfig: true } : null;
};

const readConfigFile = async (path: string, mustExist: boolean): Promise<Parsed<unknown>> => {
  const read = await nodeFiles().read(path, MAX_CONFIG_BYTES);
  if (read.kind === "text") return readYaml(read.text, path);
  if (read.kind === "absent" && !mustExist) return parsed(null);
  const reason = read.kind === "refused" ? read.reason : "does not exist";
  return refused([
    usageProblem("unreadable-file", `The config file ${path} ${reason}.`, "Mend config, or leave it out."),
  ]);
};

const problemsOf = (value: Parsed<unknown>): readonly Problem[] => (value.ok ? [] : value.problems);
