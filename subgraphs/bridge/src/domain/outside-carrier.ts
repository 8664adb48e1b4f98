// What a system that ships for us calls a carrier, by our codes: those that we have, else its own word.

const CODES: Readonly<Record<string, string>> = {
  stamps_com: 'USPS', usps: 'USPS', fedex: 'FEDEX', ups: 'UPS', ups_walleted: 'UPS', dhl_express: 'DHL', dhl_express_worldwide: 'DHL', canada_post: 'CANADA_POST',
  sf_express: 'SF', sf: 'SF', zto: 'ZTO', yto: 'YTO', sto: 'STO', yunda: 'YUNDA', ems: 'EMS', deppon: 'DEPPON',
};

export function carrierOf(word: string): string {
  const known = CODES[word.toLowerCase()];
  if (known !== undefined) return known;
  const spelt = word.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_').replaceAll(/^_+|_+$/g, '').slice(0, 32);
  return spelt.length < 2 ? 'OTHER' : spelt;
}
