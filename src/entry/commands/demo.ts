import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Simulator, startSimulator } from "../../../simulator/client.ts";
import type { Flags } from "../../config/flags.ts";
import { ExitCode, UserError, usageProblem } from "../../errors.ts";
import { type ActDone, act, asPullRequest, onCommandLine } from "../demo/acts.ts";
import { STORY } from "../demo/story.ts";
import type { Streams } from "../streams.ts";

const OUTPUT = "demo-output";
const STORY_FILE = "story.json";
/** All that a demo writes: a folder with the story and nothing beside these is an earlier demo's, and may be emptied. */
const OWN_FILES: ReadonlySet<string> = new Set([
  STORY_FILE,
  "base.json",
  "head.json",
  "comment.md",
  "push",
  "pull_request",
]);

/** `swarmgate demo`: the seed story on the simulator, then its reverse as a pull request. Every number is measured now. */
export const demoCommand = async ({ options }: Flags, streams: Streams): Promise<ExitCode> => {
  const outDir = resolve(options.out ?? OUTPUT);
  await emptyFolder(outDir);
  const dist = resolve(dirname(fileURLToPath(import.meta.url)), "..");
  const say = options.json || options.quiet ? () => {} : streams.out;
  const simulator = await startSimulator({
    command: process.execPath,
    args: [join(dist, "simulator", "index.js")],
    spinMs: 0,
  });
  try {
    await simulator.putCloudwatch({ delayMs: STORY.metricsDelay });
    const done = await tell({ dist, outDir, simulator, say });
    await writeFile(join(outDir, STORY_FILE), `${JSON.stringify(done, null, 2)}\n`);
    if (options.json) streams.out(`${JSON.stringify(done, null, 2)}\n`);
    return ending(done, say);
  } finally {
    await simulator.stop();
  }
};

type Stage = {
  readonly dist: string;
  readonly outDir: string;
  readonly simulator: Simulator;
  readonly say: (text: string) => void;
};

const tell = async (stage: Stage): Promise<readonly ActDone[]> => [
  await act(stage, "1. main: a handler of 701.73 ms under a hard ramp", STORY.slow, onCommandLine("base.json", null)),
  await act(stage, "2. the change: the same handler in 7.66 ms", STORY.fast, onCommandLine("head.json", "base.json")),
  await act(stage, "3. merged: the push to main stores the baseline", STORY.fast, asPullRequest("push")),
  await act(stage, "4. a pull request that undoes it", STORY.slow, asPullRequest("pull_request")),
];

/** The story is told by what happened: another outcome than the expected one is a failure, not a footnote. */
const ending = (done: readonly ActDone[], say: Stage["say"]): ExitCode => {
  const [slow, fast, push, pull] = done;
  const told =
    fast?.verdict === "improved" &&
    push?.exitCode === 0 &&
    pull?.verdict === "fail" &&
    pull.exitCode === 1 &&
    (slow?.failureShare ?? 0) > 0.05 &&
    fast.failureShare === 0;
  say(
    told
      ? "\nThe gate let the fast handler in and kept the slow one out. The run records, the comment and story.json are in the output folder.\n"
      : "\nThe story did not go as expected on this machine; story.json in the output folder has every outcome.\n",
  );
  return told ? ExitCode.gateOpen : ExitCode.gateClosed;
};

/** A folder that holds anything but an earlier demo is somebody's, and stays as it is. */
const emptyFolder = async (folder: string): Promise<void> => {
  const held = await readdir(folder).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === "ENOENT") return [];
    throw new UserError([usageProblem("file-exists", `${folder} is not a folder.`, "Give --out a folder of its own.")]);
  });
  const isOwn = held.includes(STORY_FILE) && held.every((name) => OWN_FILES.has(name));
  if (held.length > 0 && !isOwn) {
    throw new UserError([
      usageProblem("file-exists", `The folder ${folder} holds other files.`, "Give --out a folder of its own."),
    ]);
  }
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, STORY_FILE), "[]\n");
};
