/** What somebody may be for a merchant. */
export const roles = ['owner', 'staff', 'reader'] as const
export type Role = (typeof roles)[number]

/** What may be done at a merchant's dashboard. */
export const rights = [
  'look',
  'own account',
  'orders',
  'refunds',
  'products',
  'files',
  'links',
  'coupons',
  'deliveries',
  'brand',
  'balance',
  'webhooks',
  'keys',
  'people',
] as const
export type Right = (typeof rights)[number]

const work = ['orders', 'refunds', 'products', 'files', 'links', 'coupons', 'deliveries'] as const

/**
 * Who may do what; the only place that says so. Whoever only reads changes nothing but their own password, and sees the books, as a
 * bookkeeper does. Staff runs the shop, without what leads to its money or lets somebody else in.
 */
const rightsOf: Record<Role, readonly Right[]> = {
  owner: rights,
  staff: ['look', 'own account', ...work],
  reader: ['look', 'own account', 'balance'],
}

export const may = (role: Role, right: Right): boolean => rightsOf[role].includes(right)
