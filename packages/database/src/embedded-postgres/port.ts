import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { EmbeddedPostgresError } from './failure.js';

const HOST = '127.0.0.1';

/** The port asked for, which must be free; else the one used last time when it is free, else any. */
export async function choosePort(wanted: number | undefined, portFile: string): Promise<number> {
  if (wanted !== undefined) {
    if ((await tryPort(wanted)) !== undefined) return wanted;
    throw new EmbeddedPostgresError('POSTGRES_PORT_TAKEN', `Port ${wanted} on ${HOST} is taken: stop who listens there or choose another port for PostgreSQL.`);
  }
  const last = Number(await readFile(portFile, 'utf8').catch(() => '0'));
  const port = (last > 0 ? await tryPort(last) : undefined) ?? (await tryPort(0));
  if (port === undefined) throw new EmbeddedPostgresError('POSTGRES_PORT_TAKEN', `No free port was found on ${HOST}.`);
  return port;
}

/** Listens for a moment; returns the port, or undefined when it is taken. 0 means any. */
function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ host: HOST, port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined));
    });
  });
}
