import type { WebSocket } from 'ws';

/** Pings a socket, and ends it when a whole interval passes without the pong: half-open connections send no close. */
export function keepAlive(socket: WebSocket, milliseconds: number): void {
  let alive = true;
  socket.on('pong', () => {
    alive = true;
  });
  const timer = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    socket.ping();
  }, milliseconds);
  timer.unref();
  socket.once('close', () => clearInterval(timer));
}
