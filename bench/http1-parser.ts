/** `node bench/http1-parser.ts`: what reading one response costs, without sockets. */
import { ResponseParser } from "../src/load/engine/http1/response-parser.ts";

const BATCHES = 101;
const BATCH = 20_000;
const WARM_UP_BATCHES = 10;

const BODY = JSON.stringify({ id: 1, name: "warm", note: "x".repeat(72) });

const KEEP_ALIVE = [
  "HTTP/1.1 200 OK",
  "Content-Type: application/json",
  `Content-Length: ${BODY.length}`,
  "Date: Tue, 02 Jun 2026 10:00:00 GMT",
  "Connection: keep-alive",
  "Keep-Alive: timeout=72",
];

const FUNCTION_URL = [
  "HTTP/1.1 200 OK",
  "Date: Tue, 02 Jun 2026 10:00:00 GMT",
  "Content-Type: application/json",
  `Content-Length: ${BODY.length}`,
  "Connection: keep-alive",
  "x-amzn-RequestId: 0d1b7a52-5a0c-4f6e-9e5d-0f6a8f1d2c3b",
  "x-amzn-trace-id: root=1-6657b1c0-1a2b3c4d5e6f708192a3b4c5;parent=1a2b3c4d5e6f7081;sampled=0",
];

const sized = (head: readonly string[]): Buffer => Buffer.from(`${head.join("\r\n")}\r\n\r\n${BODY}`);

const CHUNKED = Buffer.from(
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`,
);

const main = (): void => {
  const plain = sized(KEEP_ALIVE);
  console.log(`${BODY.length}-byte JSON body, median of ${BATCHES} batches of ${BATCH.toLocaleString("en")}`);
  report("one chunk", [plain], "sample");
  report("one chunk, body kept", [plain], "body");
  report("as a Lambda function URL", [sized(FUNCTION_URL)], "sample");
  report("head and body apart", [plain.subarray(0, plain.length - BODY.length), Buffer.from(BODY)], "sample");
  report("split inside the head", [plain.subarray(0, 60), plain.subarray(60)], "sample");
  report("chunked", [CHUNKED], "sample");
};

const report = (name: string, chunks: readonly Buffer[], keep: "sample" | "body"): void => {
  const parser = new ResponseParser();
  const expected = { method: "GET", keep };
  const run = (): number => {
    const begin = process.hrtime.bigint();
    for (let i = 0; i < BATCH; i += 1) {
      parser.start(expected);
      for (const chunk of chunks) parser.feed(chunk);
      if (!parser.keepAlive || parser.bodyBytes !== BODY.length)
        throw new Error(parser.error ?? "not read as expected");
    }
    return Number(process.hrtime.bigint() - begin) / BATCH;
  };
  for (let i = 0; i < WARM_UP_BATCHES; i += 1) run();
  const times = Array.from({ length: BATCHES }, run).sort((a, b) => a - b);
  const median = times[(BATCHES - 1) / 2] ?? Number.NaN;
  const size = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const rate = Math.round(1e9 / median).toLocaleString("en");
  console.log(
    `${name.padEnd(26)} ${String(size).padStart(4)} bytes ${median.toFixed(0).padStart(6)} ns ${rate.padStart(11)} /s`,
  );
};

main();
