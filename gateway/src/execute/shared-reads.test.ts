import { beforeEach, describe, expect, it } from '@jest/globals';
import { Viewer, type ViewerClaims } from '@quanyu/viewer';
import type { Operation } from '../plan/operation.js';
import type { Answer } from './answer.js';
import { SharedReads } from './shared-reads.js';
import { NobodyWaits, Waiting } from './waiting.js';

const CLAIMS: ViewerClaims = { kind: 'staff', tenantId: 't1', subjectId: 'one', scopes: [], channels: 'all' };
const asked = (variables: object = {}, source = '{ a }'): Operation => ({ source, variables }) as unknown as Operation;
const by = (claims: Partial<ViewerClaims> = {}, language: 'en' | 'zh-CN' = 'en') => ({ viewer: new Viewer({ ...CLAIMS, ...claims }), language, requestId: 'req_test' });

describe('equal queries under way', () => {
  let reads: SharedReads;
  let begun: { readonly waiting: Waiting; readonly finish: (data: string) => void }[];
  const read = (waiting: Waiting): Promise<Answer> => new Promise((resolve) => { begun.push({ waiting, finish: (data) => resolve({ data, errors: [] }) }); });
  const run = (operation: Operation, context = by(), waiting = new Waiting(5_000)): Promise<Answer> => reads.run(operation, context, waiting, read);

  beforeEach(() => {
    reads = new SharedReads();
    begun = [];
  });

  it('are read once, and again when they have been answered', async () => {
    const both = [run(asked()), run(asked(), by({ subjectId: 'two' }))];
    begun[0]?.finish('1');
    expect(await Promise.all(both)).toEqual([{ data: '1', errors: [] }, { data: '1', errors: [] }]);
    const later = run(asked());
    expect(begun).toHaveLength(2);
    begun[1]?.finish('2');
    expect((await later).data).toBe('2');
  });

  it('are each read on their own where rights, language, text or variables differ', async () => {
    const all = [
      run(asked()), run(asked(), by({ tenantId: 't2' })), run(asked(), by({ scopes: ['orders:read'] })), run(asked(), by({ channels: ['c1'] })),
      run(asked(), by({ kind: 'member', subjectId: 'm1' })), run(asked(), by({ kind: 'member', subjectId: 'm2' })), run(asked(), by({}, 'zh-CN')), run(asked({ n: 1 })), run(asked({}, '{ b }')),
    ];
    expect(begun).toHaveLength(all.length);
    begun.forEach(({ finish }, n) => finish(String(n)));
    expect((await Promise.all(all)).map(({ data }) => data)).toEqual(all.map((_, n) => String(n)));
  });

  it('go on while one client still waits, and are given up when the last has left', async () => {
    const waitings = [new Waiting(5_000), new Waiting(5_000)];
    const [first, second] = waitings.map((waiting) => run(asked(), by(), waiting)) as [Promise<Answer>, Promise<Answer>];
    const fetch = begun[0]?.waiting.for(5_000, () => new Promise(() => undefined)) as Promise<never>;
    const outcome = fetch.catch((error: unknown) => error);
    waitings[0]?.end();
    await expect(first).rejects.toBeInstanceOf(NobodyWaits);
    const third = run(asked(), by(), waitings[1]).catch((error: unknown) => error);
    expect(begun).toHaveLength(1);
    waitings[1]?.end();
    await expect(second).rejects.toBeInstanceOf(NobodyWaits);
    expect(await third).toBeInstanceOf(NobodyWaits);
    expect(await outcome).toBeInstanceOf(NobodyWaits);
    const anew = run(asked());
    begun[1]?.finish('2');
    expect((await anew).data).toBe('2');
  });
});
