/**
 * `node bench/transports.ts [http | https | ORIGIN] [repetitions] [seconds]`: 100 keep-alive connections flat out through
 * each transport in turn, every time in a fresh process on one core; the target has the other one. Without an ORIGIN the
 * target is a bare responder on Node's sockets, which is not much faster than what it measures: then look at the
 * processor time per request.
 */
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { makeTransport, type TransportChoice } from "../src/load/engine/choose-transport.ts";
import { encodeRequest } from "../src/load/engine/encode-request.ts";
import { millis } from "../src/units.ts";
import { CERTIFICATE, PRIVATE_KEY } from "../test/engine/engine-certificate.ts";
import { onCore } from "./machine.ts";
import { runOrThrow, sleep, start, stop } from "./process.ts";

const CONNECTIONS = 100;
const SETTLE_MS = 700;
const CHOICES: readonly TransportChoice[] = ["undici", "net"];

const BODY = JSON.stringify({ id: 1, name: "warm", note: "x".repeat(72) });
const ANSWER = Buffer.from(
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n` +
    `Date: Tue, 02 Jun 2026 10:00:00 GMT\r\nConnection: keep-alive\r\nKeep-Alive: timeout=72\r\n\r\n${BODY}`,
);

/** What was reached, and the processor time of one request. */
type Speed = { readonly perSecond: number; readonly userMicros: number; readonly systemMicros: number };

/** Answers every piece of data; a request of ours is one. */
const respond = (scheme: string): void => {
  const onSocket = (socket: Socket): void => {
    socket.setNoDelay(true);
    socket.on("error", () => socket.destroy());
    socket.on("data", () => socket.write(ANSWER));
  };
  const server =
    scheme === "https" ? createTlsServer({ cert: CERTIFICATE, key: PRIVATE_KEY }, onSocket) : createServer(onSocket);
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    console.log(`${scheme}://127.0.0.1:${typeof address === "object" ? address?.port : 0}`);
  });
};

const generate = async (choice: TransportChoice, origin: string, seconds: number): Promise<Speed> => {
  const options = { origin, insecure: true, http2: false, idle: millis(60_000), onConnected: () => {} };
  const transport = makeTransport(options, choice);
  const request = encodeRequest({
    method: "GET",
    path: "/hello",
    host: new URL(origin).host,
    headers: [["user-agent", "swarmgate/bench"]],
    body: null,
    keep: "sample",
  });
  let answers = 0;
  for (let i = 0; i < CONNECTIONS; i++) {
    const connection = transport.open();
    const again = (answer: { readonly error: unknown }): void => {
      if (answer.error !== null) throw new Error(JSON.stringify(answer.error));
      answers++;
      connection.request(request, again);
    };
    connection.request(request, again);
  }
  await sleep(SETTLE_MS);
  const before = { answers, cpu: process.cpuUsage(), at: performance.now() };
  await sleep(seconds * 1000);
  const { user, system } = process.cpuUsage(before.cpu);
  const count = answers - before.answers;
  const wall = performance.now() - before.at;
  return { perSecond: (count * 1000) / wall, userMicros: user / count, systemMicros: system / count };
};

const self = (core: "target" | "generator", ...args: readonly string[]) =>
  onCore(core, { file: process.execPath, args: [import.meta.filename, ...args] });

const compare = async (origin: string, repetitions: number, seconds: number): Promise<void> => {
  const speeds: Record<TransportChoice, Speed[]> = { net: [], undici: [] };
  for (let i = 0; i < repetitions; i++) {
    for (const choice of CHOICES) {
      const text = await runOrThrow(self("generator", "generate", choice, origin, String(seconds)), seconds + 30);
      speeds[choice].push(JSON.parse(text));
    }
  }
  for (const choice of CHOICES) {
    const list = speeds[choice];
    const rate = Math.round(median(list.map(({ perSecond }) => perSecond))).toLocaleString("en");
    const user = median(list.map(({ userMicros }) => userMicros)).toFixed(2);
    const system = median(list.map(({ systemMicros }) => systemMicros)).toFixed(2);
    console.log(
      `${choice.padEnd(7)} ${rate.padStart(8)} requests/s, CPU a request: ${user} us ours, ${system} us kernel's`,
    );
  }
  const times = (figure: (speed: Speed) => number): string => {
    const ratios = speeds.net.map((net, i) => {
      const undici = speeds.undici[i];
      return undici === undefined ? Number.NaN : figure(net) / figure(undici);
    });
    return median(ratios).toFixed(2);
  };
  console.log(
    `net over undici, medians of ${repetitions} pairs: ${times(({ perSecond }) => perSecond)} x the requests`,
  );
  console.log(`${times((speed) => 1 / (speed.userMicros + speed.systemMicros))} x the requests a CPU second`);
  console.log(`${times(({ userMicros }) => 1 / userMicros)} x outside the kernel`);
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const main = async (target: string, repetitions: number, seconds: number): Promise<void> => {
  if (target.includes("://")) {
    await compare(target, repetitions, seconds);
    return;
  }
  const responder = start(self("target", "respond", target));
  const [origin] = responder.stdout === null ? [""] : await once(responder.stdout, "data");
  await compare(String(origin).trim(), repetitions, seconds);
  await stop(responder);
};

const [first = "http", second = "", third = "", fourth = ""] = process.argv.slice(2);
if (first === "respond") respond(second);
else if (first === "generate") {
  console.log(JSON.stringify(await generate(second === "net" ? "net" : "undici", third, Number(fourth))));
  process.exit();
} else await main(first, Number(second || 5), Number(third || 2));
