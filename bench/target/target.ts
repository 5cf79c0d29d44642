/** The server that is loaded: in its own process, on its own core, with one small fixed answer. */
import type { ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join, resolve } from "node:path";
import { onCore } from "../machine.ts";
import { debianProgram } from "../peers/debian.ts";
import { cpuSecondsOf, type Program, runOrThrow, sleep, start, stop } from "../process.ts";

export type Target = {
  readonly url: string;
  /** Such as "nginx 1.22.1". */
  readonly name: string;
  /** Processor seconds spent so far; `null` when they cannot be read. */
  readonly cpuSeconds: () => number | null;
  readonly stop: () => Promise<void>;
};

const BODY = JSON.stringify({ id: 1, name: "warm", note: "x".repeat(72) });
const BUILD_LIMIT_S = 180;
const LISTEN_TRIES = 100;
const LISTEN_WAIT_MS = 50;

/** nginx where the machine can have it, else a Go program of our own. Throws one sentence when there is neither. */
export const startTarget = async (peers: string, scratch: string): Promise<Target> => {
  const port = await freePort();
  const { name, program } = await nginx(port, peers, scratch).catch((noNginx: unknown) =>
    goServer(port, peers).catch((noGo: unknown) => {
      throw new Error(`no target: ${messageOf(noNginx)}; ${messageOf(noGo)}`);
    }),
  );
  const child = start(onCore("target", program));
  await listening(child, port).catch(async (error: unknown) => {
    await stop(child);
    throw error;
  });
  return {
    url: `http://127.0.0.1:${port}/hello`,
    name,
    cpuSeconds: () => (child.pid === undefined ? null : cpuSecondsOf(child.pid)),
    stop: () => stop(child),
  };
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

type Server = { readonly name: string; readonly program: Program };

const nginx = async (port: number, peers: string, scratch: string): Promise<Server> => {
  const program = await debianProgram({ name: "nginx", package: "nginx-light" }, peers);
  const home = resolve(scratch, "nginx");
  mkdirSync(join(home, "tmp"), { recursive: true });
  writeFileSync(join(home, "nginx.conf"), nginxConfig(port));
  const args = ["-p", home, "-c", "nginx.conf", "-e", "stderr"];
  await runOrThrow({ ...program, args: [...args, "-t"] }, 10);
  const version = await runOrThrow(
    { file: "sh", args: ["-c", '"$0" -v 2>&1', program.file], env: program.env ?? {} },
    10,
  );
  return { name: version.trim().replace(/^.*nginx\//, "nginx "), program: { ...program, args } };
};

const nginxConfig = (port: number): string => `
daemon off;
master_process off;
error_log stderr crit;
pid nginx.pid;
events { worker_connections 16000; }
http {
  access_log off;
  keepalive_timeout 3600s;
  keepalive_requests 1000000000;
  ${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path tmp;`).join(" ")}
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / { default_type application/json; return 200 '${BODY}'; }
  }
}
`;

const goServer = async (port: number, peers: string): Promise<Server> => {
  const binary = resolve(peers, "go-target", "target");
  if (!existsSync(binary)) {
    const args = ["build", "-o", binary, join(import.meta.dirname, "main.go")];
    await runOrThrow({ file: "go", args }, BUILD_LIMIT_S);
  }
  return { name: "the Go program bench/target/main.go", program: { file: binary, args: [String(port)] } };
};

const freePort = (): Promise<number> =>
  new Promise((settle, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address !== null ? settle(address.port) : reject(new Error("no free port")),
      );
    });
  });

const listening = async (child: ChildProcess, port: number): Promise<void> => {
  for (let attempt = 0; attempt < LISTEN_TRIES; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`the target ended with code ${child.exitCode}`);
    if (await answers(port)) return;
    await sleep(LISTEN_WAIT_MS);
  }
  throw new Error("the target did not listen");
};

const answers = (port: number): Promise<boolean> =>
  new Promise((settle) => {
    const socket = connect(port, "127.0.0.1");
    const end = (result: boolean) => () => {
      socket.destroy();
      settle(result);
    };
    socket.once("connect", end(true)).once("error", end(false));
  });
