/** The names under which Shopify knows carriers and links their tracking pages; another name is shown as it is. */
const NAMES: Readonly<Record<string, string>> = {
  SF: 'SF Express', ZTO: 'ZTO Express', YTO: 'YTO Express', STO: 'STO Express', YUNDA: 'Yunda Express', EMS: 'China Post', DEPPON: 'Deppon',
};
export const carrierName = (carrier: string): string => (Object.hasOwn(NAMES, carrier) ? NAMES[carrier]! : carrier);
/** Our code of a carrier that Shopify names; null where we have none. */
export const carrierCode = (name: string): string | null => Object.keys(NAMES).find((code) => code === name || NAMES[code]!.toLowerCase() === name.toLowerCase()) ?? null;
