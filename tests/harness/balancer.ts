import { Pool, type Dispatcher } from 'undici';

/**
 * Stands in front of several gateways as a load balancer would: takes them in turn, and leaves one alone that refuses
 * connections or says that it stops. A request that has left is never sent again.
 */
export class Balancer {
  readonly #gateways: { readonly pool: Pool; restUntil: number }[];
  #next = 0;

  constructor(urls: readonly string[]) {
    this.#gateways = urls.map((url) => ({ pool: new Pool(url, { connections: 16, keepAliveTimeout: 500, keepAliveMaxTimeout: 500 }), restUntil: 0 }));
  }

  async post(path: string, body: string, headers: Record<string, string>): Promise<{ readonly status: number; readonly text: string }> {
    let refused: unknown;
    const start = this.#next++;
    const inTurn = this.#gateways.map((_, n) => this.#gateways[(start + n) % this.#gateways.length]!);
    for (const gateway of inTurn.sort((a, b) => Number(a.restUntil > performance.now()) - Number(b.restUntil > performance.now()))) {
      try {
        const answer = await gateway.pool.request({ method: 'POST', path, body, headers });
        if (stops(answer)) gateway.restUntil = performance.now() + 3_000;
        return { status: answer.statusCode, text: await answer.body.text() };
      } catch (error) {
        if ((error as { code?: string }).code !== 'ECONNREFUSED') throw error;
        gateway.restUntil = performance.now() + 500;
        refused = error;
      }
    }
    throw refused;
  }

  async close(): Promise<void> { await Promise.all(this.#gateways.map(({ pool }) => pool.destroy())); }
}

const stops = ({ headers }: Dispatcher.ResponseData): boolean => headers['connection'] === 'close';
