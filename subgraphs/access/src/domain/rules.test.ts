import { describe, expect, it } from '@jest/globals';
import { channelsOf, contradicts } from './channels.js';
import { leavesNoOwner } from './owners.js';
import { FIRST_KEY_SCOPES, firstUngrantable, PARTNER_SCOPES } from './partner-scopes.js';
import { isIdentity, isName } from './names.js';
import { isTimeZone } from './time-zone.js';

describe('owners', () => {
  it.each([
    [['a'], 'a', true],
    [['a', 'b'], 'a', false],
    [['a'], 'b', false],
    [[], 'a', false],
  ])('of %j without %s none is left: %s', (owners, id, expected) => {
    expect(leavesNoOwner(owners, id)).toBe(expected);
  });
});

describe('channels', () => {
  const some = { allChannels: false, channelIds: ['con_a'] };
  it.each([
    ['OPERATOR', some, ['con_a'], false],
    ['OPERATOR', { allChannels: false, channelIds: [] }, [], false],
    ['OPERATOR', { allChannels: true, channelIds: [] }, 'all', false],
    ['OPERATOR', { allChannels: true, channelIds: ['con_a'] }, 'all', true],
    ['OWNER', some, 'all', true],
    ['OWNER', { allChannels: false, channelIds: [] }, 'all', false],
  ])('of %s with %j are %j, contradiction %s', (role, grant, channels, contradiction) => {
    expect(channelsOf(role, grant)).toEqual(channels);
    expect(contradicts(role, grant)).toBe(contradiction);
  });
});

describe('scopes of a partner key', () => {
  it('never open people, staff, keys or the audit log', () => {
    for (const scope of ['members:pii', 'orders:pii', 'access:read', 'access:write', 'audit:read', 'made:up']) expect(firstUngrantable(['catalog:read', scope])).toBe(1);
    expect(firstUngrantable(PARTNER_SCOPES)).toBe(-1);
    expect(firstUngrantable(FIRST_KEY_SCOPES)).toBe(-1);
  });
});

describe('names, identities and zones', () => {
  it.each([['Li', true], ['', false], ['  ', false], ['x'.repeat(200), true], ['x'.repeat(201), false]])('%j is a name: %s', (text, expected) => {
    expect(isName(text)).toBe(expected);
  });

  it.each([['https://issuer.test', 'sub-1', true], ['', 'sub-1', false], ['https://issuer.test', ' ', false]])('%j %j is an identity: %s', (issuer, subject, expected) => {
    expect(isIdentity(issuer, subject)).toBe(expected);
  });

  it.each([['Asia/Shanghai', true], ['UTC', true], ['Asia/Nowhere', false], ['', false], ['+08:00', false]])('%j is a zone: %s', (name, expected) => {
    expect(isTimeZone(name)).toBe(expected);
  });
});
