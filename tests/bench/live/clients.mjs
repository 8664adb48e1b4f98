// The clients of the live benchmark, in a process of their own: raw sockets that count and check frames without parsing
// most of them, so that the server is what is measured.
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';

const QUERY = 'subscription LiveStock { stockLevelChanged { id onHand reserved available updatedAt sku { id code title } } }';
const [port, count] = process.argv.slice(2).map(Number);
const MARK = Buffer.from('"onHand":');

let delivered = 0;
let wrong = 0;
let waitingFor = Infinity;
let latencies = null;

/** A client's frame is masked; the mask may be zero. */
function frame(text) {
  const payload = Buffer.from(text);
  const head = payload.length < 126 ? Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]) : Buffer.from([0x81, 0xfe, payload.length >> 8, payload.length & 255, 0, 0, 0, 0]);
  return Buffer.concat([head, payload]);
}

function client() {
  const id = randomUUID();
  const begin = Buffer.from(`{"id":"${id}","type":"next"`);
  let last = 0;
  let rest = Buffer.alloc(0);
  let state = 'upgrade';
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    socket.once('error', reject);
    socket.write(`GET /graphql HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-key: ${Buffer.alloc(16).toString('base64')}\r\nsec-websocket-version: 13\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n`);
    socket.on('data', (chunk) => {
      let data = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
      if (state === 'upgrade') {
        const end = data.indexOf('\r\n\r\n');
        if (end < 0) { rest = data; return; }
        state = 'init';
        socket.write(frame('{"type":"connection_init","payload":{"authorization":"Bearer bench"}}'));
        data = data.subarray(end + 4);
      }
      for (;;) {
        if (data.length < 2) break;
        const short = data[1] & 127;
        const head = short === 126 ? 4 : 2;
        if (data.length < head) break;
        const length = short === 126 ? data.readUInt16BE(2) : short;
        if (data.length < head + length) break;
        const payload = data.subarray(head, head + length);
        const kind = data[0] & 15;
        data = data.subarray(head + length);
        if (kind === 9) continue;
        if (kind !== 1) throw new Error(`the server closed a connection: ${payload.toString()}`);
        if (state === 'init') {
          state = 'open';
          socket.write(frame(JSON.stringify({ type: 'subscribe', id, payload: { query: QUERY } })));
          resolve(socket);
          continue;
        }
        // The right id, and one more than the last: the widths of the fields are fixed.
        const at = payload.indexOf(MARK, begin.length);
        const number = Number(payload.latin1Slice(at + 9, at + 19));
        if (payload.compare(begin, 0, begin.length, 0, begin.length) !== 0 || !(number > last)) wrong += 1;
        last = number;
        delivered += 1;
        if (latencies !== null) {
          const { data: { stockLevelChanged }, errors } = JSON.parse(payload.toString()).payload;
          if (errors || stockLevelChanged.sku.title.length < 5) wrong += 1;
          latencies.push(Date.now() - Number(stockLevelChanged.updatedAt));
        }
        if (delivered === waitingFor) process.send({ delivered, wrong });
      }
      rest = data;
    });
  });
}

const sockets = [];
for (let i = 0; i < count; i += 100) sockets.push(...await Promise.all(Array.from({ length: Math.min(100, count - i) }, client)));
process.on('disconnect', () => process.exit());
process.on('message', ({ expect, latency, report }) => {
  if (latency !== undefined) latencies = latency ? [] : null;
  if (expect !== undefined) waitingFor = delivered + expect;
  if (report !== undefined) process.send({ latencies, wrong, delivered });
});
process.send({ connected: sockets.length });
