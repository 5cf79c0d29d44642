import { realpath } from "node:fs/promises";
import { basename, join } from "node:path";
import { repositoryFacts } from "../../adapters/node/git.ts";
import { exists, projectFiles, writeNew } from "../../adapters/node/project.ts";
import type { Flags } from "../../config/flags.ts";
import { projectName, READ_FILES, serviceName } from "../../config/starter/stacks.ts";
import { type Starter, starterFor } from "../../config/starter/starter.ts";
import { ExitCode, type Problem, UserError, usageProblem } from "../../errors.ts";
import { type Choice, chooseStack } from "../choose-stack.ts";
import { starterText } from "../starter-text.ts";
import { type Streams, widthOf } from "../streams.ts";

const DEFAULT_BRANCH = "main";

/** `swarmgate init`: a workflow and a config file for this project. Writes both or nothing. */
export const initCommand = async ({ options }: Flags, streams: Streams): Promise<ExitCode> => {
  const folder = process.cwd();
  const [files, repository] = await Promise.all([projectFiles(folder, READ_FILES), repositoryFacts()]);
  const choice = await chooseStack(options.stack, files, streams);
  const starter = starterFor({
    stack: choice.ok ? choice.value.stack : "url",
    name: projectName(basename(repository.root ?? folder)),
    service: serviceName(files),
    baseBranch: repository.baseBranch ?? DEFAULT_BRANCH,
  });
  const problems = [
    ...(choice.ok ? [] : choice.problems),
    ...(await misplaced(folder, repository.root)),
    ...(await existing(folder, starter)),
  ];
  if (!choice.ok || problems.length > 0) throw new UserError(problems);
  for (const { path, text } of starter.files) await writeNew(join(folder, path), text);
  streams.out(options.json ? starterJson(choice.value, starter) : starterText(choice.value, starter, widthOf(streams)));
  return ExitCode.gateOpen;
};

const misplaced = async (folder: string, root: string | null): Promise<readonly Problem[]> => {
  if (root === null || (await realpath(root)) === (await realpath(folder))) return [];
  const message = "This folder is not the root of its repository, and GitHub reads workflows there only.";
  return [usageProblem("not-at-the-root", message, "Run swarmgate init at the root; --stack names the deployment.")];
};

const existing = async (folder: string, { files }: Starter): Promise<readonly Problem[]> => {
  const there = await Promise.all(files.map(async ({ path }) => ((await exists(join(folder, path))) ? [path] : [])));
  return there
    .flat()
    .map((path) =>
      usageProblem("file-exists", `${path} is there already.`, "Move it away, or edit it; nothing was written."),
    );
};

const starterJson = ({ stack, marker }: Choice, { files, ...said }: Starter): string =>
  `${JSON.stringify({ stack, marker, files: files.map(({ path }) => path), ...said }, null, 2)}\n`;
