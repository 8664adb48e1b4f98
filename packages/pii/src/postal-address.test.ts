import { describe, expect, it } from '@jest/globals';
import { addressFault, type PostalAddress } from './postal-address.js';

const address: PostalAddress = { name: '张三', phone: '+8613800000001', address1: 'حي الزهور 5', address2: null, city: null, province: null, postalCode: null, countryCode: 'CN' };

describe('addressFault', () => {
  it('takes any script, and no more than somebody, somewhere, who can be called', () => {
    expect(addressFault(address, '+8613800000001')).toBeNull();
    expect(addressFault({ ...address, address2: 'x'.repeat(200) }, '+8613800000001')).toBeNull();
  });

  it.each([
    ['name', { name: ' ' }], ['name', { name: 'x'.repeat(201) }], ['address1', { address1: '' }], ['address1', { address1: 'x'.repeat(201) }], ['countryCode', { countryCode: 'cn' }], ['countryCode', { countryCode: 'CHN' }],
    ['address2', { address2: 'x'.repeat(201) }], ['city', { city: 'x'.repeat(201) }], ['province', { province: 'x'.repeat(201) }], ['postalCode', { postalCode: 'x'.repeat(201) }],
  ] as const)('finds the fault in %s: %j', (field, over) => {
    expect(addressFault({ ...address, ...over }, '+8613800000001')).toBe(field);
  });

  it('finds the fault in a phone that is none', () => {
    expect(addressFault(address, null)).toBe('phone');
  });
});
