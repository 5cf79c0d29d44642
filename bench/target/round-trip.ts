import { connect } from "node:net";
import { type Series, series } from "../statistics.ts";

const ROUND_TRIPS = 2000;
const US_PER_MS = 1000;

/** What one bare socket sees of the idle target: time of a request and its answer in milliseconds. */
export const roundTrip = (url: string): Promise<Series | null> =>
  new Promise((resolve, reject) => {
    const { hostname, port, pathname } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    const request = `GET ${pathname} HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`;
    const times: number[] = [];
    let begin = 0n;
    const ask = (): void => {
      begin = process.hrtime.bigint();
      socket.write(request);
    };
    socket.once("connect", ask);
    socket.once("error", reject);
    // The answer is small enough to come in one piece over the loopback.
    socket.on("data", () => {
      times.push(Number(process.hrtime.bigint() - begin) / 1000 / US_PER_MS);
      if (times.length < ROUND_TRIPS) return ask();
      socket.destroy();
      resolve(series(times));
    });
  });
