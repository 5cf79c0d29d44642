import { createAws } from "../../adapters/aws/aws.ts";
import { nodeClock } from "../../adapters/node/clock.ts";
import { nodeFiles } from "../../adapters/node/files.ts";
import { machineFacts } from "../../adapters/node/machine.ts";
import { nodeProbe } from "../../adapters/node/probe.ts";
import { exists, projectFiles } from "../../adapters/node/project.ts";
import { checkWorkflow } from "../../config/check-workflow.ts";
import type { Config } from "../../config/config.ts";
import { type Finding, fail, ok, warn } from "../../config/finding.ts";
import type { Flags } from "../../config/flags.ts";
import { readYaml } from "../../config/read-yaml.ts";
import { readWorkflow } from "../../config/workflow-file.ts";
import { ExitCode, type Parsed, type Problem } from "../../errors.ts";
import { checkRights } from "../../gate/check-rights.ts";
import { checkTarget } from "../../gate/check-target.ts";
import { mostUsers } from "../../load/model.ts";
import { usageErrorJson } from "../../report/json.ts";
import { checkMachine } from "../../target/check-machine.ts";
import { CONFIG_FILE, configure } from "../configure.ts";
import { defaultWorkers } from "../default-workers.ts";
import { doctorJson, doctorText } from "../doctor-text.ts";
import { lineWidthOf, type Streams } from "../streams.ts";

const WORKFLOWS = ".github/workflows";
const MAX_WORKFLOW_BYTES = 512 * 1024;
const DEFAULT_USERS = 20;

/** `swarmgate doctor`: exit 1 when something fails, 2 when the configuration cannot be read. Sends no load. */
export const doctorCommand = async ({ inputs, options }: Flags, streams: Streams): Promise<ExitCode> => {
  const config = await configured(inputs, streams);
  const findings = [
    ok("node", `Node ${process.versions.node}.`),
    ...configFindings(config, inputs["config"] ?? CONFIG_FILE, await exists(inputs["config"] ?? CONFIG_FILE)),
    ...(await workflowFindings()),
    ...(config.ok ? await outsideFindings(config.value) : []),
    ...checkMachine(await machineFacts(), {
      users: config.ok ? mostUsers(config.value.load) : DEFAULT_USERS,
      workers: (config.ok ? config.value.load.workers : null) ?? defaultWorkers(),
    }),
  ];
  const usage = config.ok ? {} : usageErrorJson(config.problems);
  streams.out(options.json ? doctorJson(findings, usage) : doctorText(findings, lineWidthOf(streams)));
  if (!config.ok) return ExitCode.usage;
  return findings.some(({ level }) => level === "fail") ? ExitCode.gateClosed : ExitCode.gateOpen;
};

/** The scenario is read where there is a target, as `run` would. */
const configured = async (inputs: Flags["inputs"], { env }: Streams): Promise<Parsed<Config>> => {
  const asked = { inputs, env, name: "gate", needsTarget: false };
  const config = await configure(asked);
  const hasTarget = config.ok && (config.value.target.url !== null || config.value.target.stackName !== null);
  return hasTarget ? await configure({ ...asked, needsTarget: true }) : config;
};

const configFindings = (config: Parsed<Config>, path: string, isThere: boolean): readonly Finding[] => {
  if (!config.ok) return config.problems.map(({ message, hint }: Problem) => fail("config", message, hint));
  return [ok("config", isThere ? `${path} is valid.` : `There is no ${path}: flags and defaults hold.`)];
};

/** Target and AWS; a stack names the target where nothing else does. */
const outsideFindings = async (config: Config): Promise<readonly Finding[]> => {
  const { close, ...aws } = createAws({ region: config.aws.region });
  const ports = { clock: nodeClock, probe: nodeProbe, ...aws };
  try {
    const rights = await checkRights(config, ports);
    const target = { ...config.target, url: config.target.url ?? rights.url };
    return [await checkTarget({ ...config, target }, ports), ...rights.findings];
  } finally {
    close();
  }
};

const workflowFindings = async (): Promise<readonly Finding[]> => {
  const names = (await exists(WORKFLOWS)) ? Object.keys(await projectFiles(WORKFLOWS, [])) : [];
  const hasConfig = await exists(CONFIG_FILE);
  const paths = names.filter((name) => /\.ya?ml$/.test(name)).map((name) => `${WORKFLOWS}/${name}`);
  const findings = await Promise.all(paths.toSorted().map((path) => workflowFinding(path, hasConfig)));
  if (findings.some((one) => one.length > 0)) return findings.flat();
  return [warn("workflow", "No workflow runs swarmgate.", "swarmgate init writes one.")];
};

/** Nothing for a workflow without a gate. */
const workflowFinding = async (path: string, hasConfig: boolean): Promise<readonly Finding[]> => {
  const read = await nodeFiles().read(path, MAX_WORKFLOW_BYTES);
  if (read.kind !== "text") return [];
  const value = readYaml(read.text, path);
  // Other people's workflows may use what our reader of YAML refuses.
  if (!value.ok && !read.text.includes("swarmgate")) return [];
  if (!value.ok) return value.problems.map(({ message, hint }) => fail("workflow", message, hint));
  const workflow = readWorkflow(value.value);
  return workflow.gates.length === 0 ? [] : checkWorkflow(path, workflow, hasConfig);
};
