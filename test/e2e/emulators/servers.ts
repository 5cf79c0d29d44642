/** Starts one of the emulators in a process of its own on a free port of this machine, and ends it again. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export type Emulator = {
  /** Base URL, without a slash at its end. */
  readonly url: string;
  readonly stop: () => Promise<void>;
};

type Started = { readonly bin: string; readonly env?: Readonly<Record<string, string>> };

/** moto in server mode: every service of AWS that it knows behind one port, told apart by the signature. */
export const startMoto = async ({ bin, env = {} }: Started): Promise<Emulator> => {
  const port = await freePort();
  return await start({
    command: join(bin, "moto_server"),
    args: ["-H", "127.0.0.1", "-p", String(port)],
    url: `http://127.0.0.1:${port}`,
    health: "/moto-api/data.json",
    env,
  });
};

/** ministack without Docker: `local` runs a Node handler with the `node` of PATH, which is this one. */
export const startMinistack = async ({ bin, env = {} }: Started): Promise<Emulator> => {
  const port = await freePort();
  return await start({
    command: join(bin, "ministack"),
    args: [],
    url: `http://127.0.0.1:${port}`,
    health: "/_ministack/health",
    env: { GATEWAY_PORT: String(port), BIND_HOST: "127.0.0.1", LAMBDA_EXECUTOR: "local", LOG_LEVEL: "WARNING", ...env },
  });
};

type Program = {
  readonly command: string;
  readonly args: readonly string[];
  readonly url: string;
  readonly health: string;
  readonly env: Readonly<Record<string, string>>;
};

const START_TIMEOUT = 60_000;
const STOP_TIMEOUT = 5_000;

const start = async ({ command, args, url, health, env }: Program): Promise<Emulator> => {
  const home = mkdtempSync(join(tmpdir(), "swarmgate-emulator-"));
  // ministack writes its Node worker as `.js` with require() in here: a package.json further up must not say otherwise.
  writeFileSync(join(home, "package.json"), '{"type":"commonjs"}');
  const path = [dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter);
  const child = spawn(command, args, {
    cwd: home,
    env: { PATH: path, HOME: home, TMPDIR: home, PYTHONDONTWRITEBYTECODE: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const orphaned = (): boolean => child.kill("SIGKILL");
  process.once("exit", orphaned);
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => said.splice(0, Math.max(0, said.length - 20), chunk.toString("utf8")));
  const stop = async (): Promise<void> => {
    await end(child);
    process.off("exit", orphaned);
    rmSync(home, { recursive: true, force: true });
  };
  const deadline = Date.now() + START_TIMEOUT;
  while (!(await isUp(url + health))) {
    if (child.exitCode === null && Date.now() < deadline) {
      await sleep(200);
      continue;
    }
    await stop();
    throw new Error(`${command} did not start: ${said.join("")}`);
  }
  return { url, stop };
};

const isUp = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
};

const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  child.once("exit", () => resolve());
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT);
  await promise;
  clearTimeout(force);
};

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== "object" || address === null) throw new Error("there is no free port");
  return address.port;
};
