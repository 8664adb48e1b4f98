import { describe, expect, it } from '@jest/globals';
import { ROLES } from './scope.js';
import { Viewer, type ViewerClaims } from './viewer.js';

const staff = (over: Partial<ViewerClaims> = {}): Viewer =>
  new Viewer({ kind: 'staff', tenantId: 'ten_1', subjectId: 'stf_1', scopes: ['orders:read'], channels: ['con_a'], ...over });

describe('viewer', () => {
  it('lets a scope pass and refuses another with FORBIDDEN', () => {
    expect(() => staff().must('orders:read')).not.toThrow();
    expect(() => staff().must('finance:read')).toThrow(expect.objectContaining({ code: 'FORBIDDEN', scope: 'finance:read' }));
  });

  it('answers strangers with UNAUTHENTICATED', () => {
    expect(() => Viewer.anonymous.must('orders:read')).toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }));
    expect(() => Viewer.anonymous.tenantId).toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }));
  });

  it('sees only granted channels', () => {
    expect(staff().seesChannel('con_a')).toBe(true);
    expect(staff().seesChannel('con_b')).toBe(false);
    expect(staff({ channels: 'all' }).seesChannel('con_b')).toBe(true);
  });

  it('has one rights key for equal rights, and a member one of their own', () => {
    expect(staff({ subjectId: 'stf_2' }).rightsKey).toBe(staff().rightsKey);
    expect(staff({ channels: 'all' }).rightsKey).not.toBe(staff().rightsKey);
    const member = (id: string) => staff({ kind: 'member', subjectId: id }).rightsKey;
    expect(member('mem_1')).not.toBe(member('mem_2'));
  });

  it('gives no role but the owner the right to staff and keys', () => {
    const holders = Object.entries(ROLES).filter(([, scopes]) => (scopes as readonly string[]).includes('access:write')).map(([name]) => name);
    expect(holders).toEqual(['OWNER']);
  });
});
