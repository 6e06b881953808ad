/** What a secret key may be limited to. One without scopes may do everything. */
export const keyScopes = [
  'read',
  'checkouts',
  'orders',
  'refunds',
  'products',
  'customers',
  'files',
  'webhooks',
  'money',
  'settings',
] as const
export type KeyScope = (typeof keyScopes)[number]
