/** The names under which Shopify knows carriers and links their tracking pages; another name is shown as it is. */
const NAMES: Readonly<Record<string, string>> = {
  SF: 'SF Express', ZTO: 'ZTO Express', YTO: 'YTO Express', STO: 'STO Express', YUNDA: 'Yunda Express', EMS: 'China Post', DEPPON: 'Deppon',
};
export const carrierName = (carrier: string): string => (Object.hasOwn(NAMES, carrier) ? NAMES[carrier]! : carrier);
