import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { runOrThrow } from "../process.ts";

export type GoTool = {
  readonly name: string;
  readonly module: string;
  readonly package: string;
  readonly version: string;
};

const BUILD_LIMIT_S = 900;

/**
 * Builds a Go program into `folder` and returns its path. A module of our own names the version: `go install` asks for
 * the list of all versions as well, which not every module proxy has.
 */
export const buildGoTool = async (tool: GoTool, folder: string): Promise<string> => {
  const home = resolve(folder, `${tool.name}-${tool.version}`);
  const binary = join(home, tool.name);
  if (existsSync(binary)) return binary;
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, "go.mod"), `module peer\n\ngo 1.24\n\nrequire ${tool.module} ${tool.version}\n`);
  const args = ["build", "-mod=mod", "-o", binary, tool.package];
  await runOrThrow({ file: "go", args, cwd: home }, BUILD_LIMIT_S);
  return binary;
};
