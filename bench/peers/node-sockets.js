// The least that Node can do: 100 sockets of node:net that write prepared bytes and count the answers, nothing parsed.
import { connect } from "node:net";

const [port, users, seconds] = process.argv.slice(2).map(Number);
const request = Buffer.from(`GET /hello HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`);
const buffer = Buffer.alloc(65_536);
let answers = 0;
for (let user = 0; user < users; user++) {
  const onread = {
    buffer,
    callback: () => {
      answers++;
      return socket.write(request) || true;
    },
  };
  const socket = connect({ port, host: "127.0.0.1", noDelay: true, onread }, () => socket.write(request));
}
const begun = performance.now();
setTimeout(() => {
  const took = (performance.now() - begun) / 1000;
  console.log(JSON.stringify({ requests: answers, requestsPerSecond: answers / took }));
  process.exit(0);
}, seconds * 1000);
