/**
 * Runs a built action as GitHub's runner does: inputs as INPUT_* variables, an event file, files for outputs and summary,
 * the bundle in a child process of its own. Used by `swarmgate demo` and by the end-to-end tests.
 */
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readYaml } from "../../config/read-yaml.ts";

export type ActionRun = {
  /** Folder that holds `action.yml` and `dist/`. */
  readonly actionDir: string;
  /** An empty folder for the files of this run; the action's working directory. */
  readonly workDir: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly event: { readonly name: string; readonly payload: unknown };
  /** GITHUB_*, ACTIONS_*, AWS_* of this run; nothing else of our own environment but PATH and HOME is passed on. */
  readonly env: Readonly<Record<string, string>>;
  readonly token: string;
  /** Called with the child once it runs, for tests that send it a signal. */
  readonly onStart?: (child: { readonly kill: (signal: NodeJS.Signals) => boolean }) => void;
  /** Called with each line the action prints. */
  readonly onLine?: (line: string) => void;
};

export type ActionOutcome = {
  readonly exitCode: number | null;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** stdout and stderr as they came. */
  readonly log: string;
  readonly annotations: readonly { readonly level: "error" | "warning" | "notice"; readonly text: string }[];
  readonly masked: readonly string[];
};

export const runAction = async (run: ActionRun): Promise<ActionOutcome> => {
  mkdirSync(run.workDir, { recursive: true });
  const file = (name: string, content = ""): string => {
    const path = join(run.workDir, name);
    writeFileSync(path, content);
    return path;
  };
  const outputFile = file("output.txt");
  const summaryFile = file("summary.md");
  const { main, defaults } = readAction(join(run.actionDir, "action.yml"), run.token);
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: run.workDir,
    CI: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_EVENT_NAME: run.event.name,
    GITHUB_EVENT_PATH: file("event.json", JSON.stringify(run.event.payload)),
    GITHUB_OUTPUT: outputFile,
    GITHUB_STEP_SUMMARY: summaryFile,
    GITHUB_STATE: file("state.txt"),
    GITHUB_ENV: file("env.txt"),
    GITHUB_PATH: file("path.txt"),
    GITHUB_WORKSPACE: run.workDir,
    RUNNER_TEMP: run.workDir,
    RUNNER_OS: "Linux",
    ...run.env,
    ...inputVariables({ ...defaults, ...run.inputs }),
  };
  const { exitCode, log } = await execute(join(run.actionDir, main), env, run);
  return {
    exitCode,
    outputs: parseOutputs(readFileSync(outputFile, "utf8")),
    summary: readFileSync(summaryFile, "utf8"),
    log,
    annotations: [...log.matchAll(/^::(error|warning|notice)[^:]*::(.*)$/gm)].map(([, level, text]) => ({
      level: level as "error" | "warning" | "notice",
      text: unescapeData(text ?? ""),
    })),
    masked: [...log.matchAll(/^::add-mask::(.*)$/gm)].map(([, value]) => unescapeData(value ?? "")),
  };
};

/** The runner upper-cases names and replaces spaces only: hyphens stay. */
const inputVariables = (inputs: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.replaceAll(" ", "_").toUpperCase()}`, value]),
  );

const readAction = (path: string, token: string): { main: string; defaults: Record<string, string> } => {
  const read = readYaml(readFileSync(path, "utf8"), path);
  if (!read.ok) throw new Error(`cannot read ${path}`);
  const action = read.value as { inputs: Record<string, { default?: string } | null>; runs: { main: string } };
  const defaults = Object.fromEntries(
    Object.entries(action.inputs).map(([name, input]) => [
      name,
      (input?.default ?? "").replace(/\$\{\{\s*github\.token\s*\}\}/, token),
    ]),
  );
  return { main: action.runs.main, defaults };
};

const execute = (
  main: string,
  env: Record<string, string>,
  run: ActionRun,
): Promise<{ exitCode: number | null; log: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main], { cwd: run.workDir, env, stdio: ["ignore", "pipe", "pipe"] });
    const chunks: string[] = [];
    const take = (chunk: Buffer): void => {
      chunks.push(chunk.toString("utf8"));
      if (run.onLine) for (const line of chunk.toString("utf8").split("\n").filter(Boolean)) run.onLine(line);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, log: chunks.join("") }));
    run.onStart?.(child);
  });

/** `name<<delimiter`, lines, `delimiter`; or `name=value`. */
const parseOutputs = (text: string): Record<string, string> => {
  const outputs: Record<string, string> = {};
  const lines = text.split("\n");
  for (let i = 0; i < lines.length; i++) {
    const [, name, delimiter] = /^([^=<]+)<<(.+)$/.exec(lines[i] ?? "") ?? [];
    if (name === undefined || delimiter === undefined) continue;
    const end = lines.indexOf(delimiter, i + 1);
    outputs[name] = lines.slice(i + 1, end).join("\n");
    i = end;
  }
  return outputs;
};

const unescapeData = (text: string): string =>
  text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
