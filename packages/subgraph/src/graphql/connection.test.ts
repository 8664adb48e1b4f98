import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { newId } from '@quanyu/ids';
import { keysetPage, parsePage, type PageRequest } from './connection.type.js';

const cursorOf = (id: string): string => Buffer.from(`i:${id}`).toString('base64url');
const refused = (code: string) => expect.objectContaining({ extensions: expect.objectContaining({ code }) });

describe('page arguments', () => {
  it('take null for missing: variables that a client left empty', () => {
    const last = { limit: 5, backwards: true, after: null, before: null };
    expect(parsePage({ first: null, last: 5 })).toEqual(last);
    expect(parsePage({ last: 5, after: null, before: null })).toEqual(last);
    expect(parsePage({ first: 5, last: null })).toEqual({ ...last, backwards: false });
    expect(parsePage({ first: null, last: null })).toEqual({ limit: 20, backwards: false, after: null, before: null });
  });

  it.each([[0], [-1], [251], [1e9]])('refuse %d items', (first) => {
    for (const page of [{ first }, { last: first }]) expect(() => parsePage(page)).toThrow(refused('PAGE_SIZE_INVALID'));
  });

  it('refuse first with last', () => {
    expect(() => parsePage({ first: 1, last: 1 })).toThrow(refused('PAGE_SIZE_INVALID'));
  });

  it('take a cursor of their own list, and refuse one of another, a forged one and none at all', () => {
    const id = newId('ord');
    expect(parsePage({ after: cursorOf(id) }, 'ord').after).toBe(id);
    expect(parsePage({ before: cursorOf(id) }).before).toBe(id);
    for (const cursor of [cursorOf(newId('sku')), cursorOf('ord_zzzzzzzzzzzzzzzzzzzzzzzzzz'), cursorOf(`${id}x`), 'garbage', '', cursorOf('')]) {
      expect(() => parsePage({ after: cursor }, 'ord')).toThrow(refused('CURSOR_INVALID'));
      expect(() => parsePage({ before: cursor }, 'ord')).toThrow(refused('CURSOR_INVALID'));
    }
  });
});

describe('a page', () => {
  const ids = Array.from({ length: 5 }, () => ({ id: newId('ord') })).toReversed();
  const page = (request: PageRequest) => keysetPage(request, (bounds, orderBy, limit) => {
    const { $lt = '~', $gt = '' } = bounds.id ?? {};
    const within = ids.filter(({ id }) => id < $lt && id > $gt);
    return Promise.resolve((orderBy.id === 'asc' ? within.toReversed() : within).slice(0, limit));
  }, () => Promise.resolve(ids.length));

  it('of the end is the end, in the order of the list', async () => {
    const { nodes, pageInfo } = await page(parsePage({ first: null, last: 2 }));
    expect(nodes).toEqual(ids.slice(-2));
    expect(pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  });

  it('goes on where the one before ended', async () => {
    const { pageInfo } = await page(parsePage({ first: 2 }));
    expect((await page(parsePage({ first: 2, after: pageInfo.endCursor }, 'ord'))).nodes).toEqual(ids.slice(2, 4));
  });
});
