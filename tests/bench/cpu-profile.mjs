import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';

const INSPECTOR = 'http://127.0.0.1:9229/json/list';

/** Runs some work; with BENCH_PROFILE=FOLDER the Node process `pid` is profiled meanwhile, and NAME.cpuprofile is for the browser's developer tools. */
export async function profiled(name, pid, work) {
  const folder = process.env.BENCH_PROFILE;
  if (folder === undefined) return work();
  process.kill(pid, 'SIGUSR1');
  await sleep(500);
  const [{ webSocketDebuggerUrl }] = await (await fetch(INSPECTOR)).json();
  const socket = new WebSocket(webSocketDebuggerUrl);
  await new Promise((resolve, reject) => { socket.once('open', resolve); socket.once('error', reject); });
  let id = 0;
  const send = (method) => new Promise((resolve) => {
    const own = (id += 1);
    socket.on('message', function listen(text) {
      const { id: answered, result } = JSON.parse(text);
      if (answered !== own) return;
      socket.off('message', listen);
      resolve(result);
    });
    socket.send(JSON.stringify({ id: own, method }));
  });
  await send('Profiler.enable');
  await send('Profiler.start');
  const done = await work();
  const { profile } = await send('Profiler.stop');
  writeFileSync(join(folder, `${name}.cpuprofile`), JSON.stringify(profile));
  socket.close();
  return done;
}
