/** Superuser URL of the PostgreSQL that the test run has started. */
export function testAdminUrl(): string {
  const url = process.env.QUANYU_TEST_ADMIN_URL;
  if (url === undefined) throw new Error('No PostgreSQL for this test: run it through `npm test -- <name>`');
  return url;
}
