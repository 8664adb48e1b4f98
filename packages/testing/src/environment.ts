/** Superuser URL of the PostgreSQL that the test run has started. */
export function testAdminUrl(): string {
  const url = process.env.QUANYU_TEST_ADMIN_URL;
  if (url === undefined) throw new Error('No PostgreSQL for this test: run it through `npm test -- <name>`');
  return url;
}

/** Whether a test that needs Redis must fail where there is none, instead of being left out. */
export const redisIsRequired = (): boolean => process.env.REQUIRE_REDIS === '1';
