import { closeSync, fstatSync, openSync, readFileSync, realpathSync } from "node:fs";
import { isAbsolute, relative } from "node:path";
import type { Config } from "../config/config.ts";
import { type Parsed, type Problem, parsed, refused, usageProblem } from "../errors.ts";
import { highestLevel } from "../load/profile.ts";
import type { FileRead } from "../scenario/read-file.ts";
import { readScenario } from "../scenario/read-scenario.ts";
import { checkHost } from "../target/allowed-host.ts";

export type ScenarioFile = {
  readonly path: string;
  /** The config file itself, whose section `scenario` is meant. */
  readonly isConfig: boolean;
};

const MAX_SCENARIO_BYTES = 1024 * 1024;

/** The configuration with its scenario read, checked against the target and the hosts that are allowed. */
export const withScenario = (
  config: Config,
  { path, isConfig }: ScenarioFile,
  env: Readonly<Record<string, string | undefined>>,
): Parsed<Config> => {
  const file = readBounded(path, MAX_SCENARIO_BYTES);
  if (file.kind !== "bytes") {
    const reason = file.kind === "absent" ? "does not exist" : file.reason;
    return refused([
      usageProblem("unreadable-file", `The scenario file ${path} ${reason}.`, "Mend scenario, or leave it out."),
    ]);
  }
  const { users, stages } = config.load;
  const scenario = readScenario({
    text: new TextDecoder().decode(file.bytes),
    fileName: isAbsolute(path) ? insideOf(path) : path,
    readFile: readBounded,
    env,
    users: Math.max(users, stages?.of === "users" ? highestLevel(stages.profile) : 0),
    target: config.target.url,
    isConfig,
  });
  if (!scenario.ok) return scenario;
  const problems = scenario.value.otherOrigins.map((origin) => otherHost(origin, config)).filter((one) => one !== null);
  if (problems.length > 0) return refused(problems);
  return parsed({ ...config, scenario: scenario.value, secrets: [...config.secrets, ...scenario.value.secrets] });
};

const otherHost = (origin: string, { target }: Config): Problem | null =>
  checkHost(origin, { given: target.url === null ? [] : [target.url], allowed: target.allowedHosts });

/** An absolute path below the working directory is told as a relative one, so that files beside it may be named. */
const insideOf = (path: string): string => {
  const inside = relative(process.cwd(), path);
  return inside.startsWith("..") || isAbsolute(inside) ? path : inside;
};

/** A regular file within the bound; links may not lead out of the folder that the scenario may use. */
const readBounded = (path: string, maxBytes: number): FileRead => {
  let handle: number;
  try {
    handle = openSync(realpathSync(path), "r");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    return code === "ENOENT" || code === "ENOTDIR"
      ? { kind: "absent" }
      : { kind: "refused", reason: `cannot be read: the system says ${code}` };
  }
  try {
    const stat = fstatSync(handle);
    if (!stat.isFile()) return { kind: "refused", reason: "is not a file" };
    if (stat.size > maxBytes) return { kind: "refused", reason: `is larger than ${maxBytes} bytes` };
    return { kind: "bytes", bytes: readFileSync(handle) };
  } finally {
    closeSync(handle);
  }
};
