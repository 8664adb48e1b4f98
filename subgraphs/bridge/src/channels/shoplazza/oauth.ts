/** Where codes and refresh tokens become tokens: documents name both places, and a setting chooses. */
export const tokenUrl = (host: string, shopDomain: string): string => (host === 'PARTNERS' ? 'https://partners.shoplazza.com/partner/oauth/token' : `https://${shopDomain}/admin/oauth/token`);
export const authorizeUrl = (host: string, shopDomain: string): string => (host === 'PARTNERS' ? 'https://partners.shoplazza.com/partner/oauth/authorize' : `https://${shopDomain}/admin/oauth/authorize`);
