// The clients of the live benchmark, in a process of their own: raw sockets that count and check frames without parsing
// most of them, so that the server is what is measured.
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';

const QUERY = 'subscription LiveStock { stockLevelChanged { id onHand reserved available updatedAt sku { id code title } } }';
const [port, count] = process.argv.slice(2).map(Number);
const MARK = Buffer.from('"onHand":');
/** For all sockets: a chunk of their own for each message would cost more here than what is measured does there. */
const incoming = Buffer.allocUnsafe(256 * 1024);

let delivered = 0;
let expected = 0;
let wrong = 0;
let waitingFor = Infinity;
let latencies = null;

/** A client's frame is masked; the mask may be zero. */
function frame(text) {
  const payload = Buffer.from(text);
  const head = payload.length < 126 ? Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]) : Buffer.from([0x81, 0xfe, payload.length >> 8, payload.length & 255, 0, 0, 0, 0]);
  return Buffer.concat([head, payload]);
}

/** The ten digits at a place; NaN where others stand. */
function numberAt(data, at) {
  let number = 0;
  for (let i = at; i < at + 10; i += 1) number = number * 10 + (data[i] >= 48 && data[i] <= 57 ? data[i] - 48 : NaN);
  return number;
}

function client() {
  const id = randomUUID();
  const begin = Buffer.from(`{"id":"${id}","type":"next"`);
  let last = 0;
  let mark = begin.length;
  let rest = Buffer.alloc(0);
  let state = 'upgrade';
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread: { buffer: incoming, callback: (length) => { take(incoming.subarray(0, length)); return true; } } });
    socket.once('error', reject);
    socket.write(`GET /graphql HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-key: ${Buffer.alloc(16).toString('base64')}\r\nsec-websocket-version: 13\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n`);
    const take = (chunk) => {
      let data = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
      if (state === 'upgrade') {
        const end = data.indexOf('\r\n\r\n');
        if (end < 0) { rest = Buffer.from(data); return; }
        state = 'init';
        socket.write(frame('{"type":"connection_init","payload":{"authorization":"Bearer bench"}}'));
        data = data.subarray(end + 4);
      }
      let from = 0;
      for (;;) {
        const short = data[from + 1] & 127;
        const head = short === 126 ? 4 : 2;
        if (data.length < from + head) break;
        const length = short === 126 ? data[from + 2] << 8 | data[from + 3] : short;
        const at = from + head;
        if (data.length < at + length) break;
        const kind = data[from] & 15;
        from = at + length;
        if (kind === 9) continue;
        if (kind !== 1) throw new Error(`the server closed a connection: ${data.toString('utf8', at, from)}`);
        if (state === 'init') {
          state = 'open';
          socket.write(frame(JSON.stringify({ type: 'subscribe', id, payload: { query: QUERY } })));
          resolve(socket);
          continue;
        }
        // The right id, and one more than the last: the widths of the fields are fixed.
        if (data.compare(MARK, 0, MARK.length, at + mark, at + mark + MARK.length) !== 0) mark = data.indexOf(MARK, at + begin.length) - at;
        const number = numberAt(data, at + mark + MARK.length);
        if (data.compare(begin, 0, begin.length, at, at + begin.length) !== 0 || !(number > last)) wrong += 1;
        last = number;
        delivered += 1;
        if (latencies !== null) {
          const { data: { stockLevelChanged }, errors } = JSON.parse(data.toString('utf8', at, from)).payload;
          if (errors || stockLevelChanged.sku.title.length < 5) wrong += 1;
          latencies.push(Date.now() - Number(stockLevelChanged.updatedAt));
        }
        if (delivered === waitingFor) process.send({ delivered, wrong });
      }
      rest = Buffer.from(data.subarray(from));
    };
  });
}

const sockets = [];
for (let i = 0; i < count; i += 100) sockets.push(...await Promise.all(Array.from({ length: Math.min(100, count - i) }, client)));
process.on('disconnect', () => process.exit());
process.on('message', ({ expect, ahead = 0, latency, report }) => {
  if (latency !== undefined) latencies = latency ? [] : null;
  // What is to come may be here before we are told to expect it.
  if (expect !== undefined && delivered >= (waitingFor = (expected += expect) - ahead)) process.send({ delivered, wrong });
  if (report !== undefined) process.send({ latencies, wrong, delivered });
});
process.send({ connected: sockets.length });
