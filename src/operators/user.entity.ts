import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'
import { roles } from './roles.ts'

/** A person who signs in: an operator of this installation (no merchant) or a user of one merchant's dashboard. */
export const UserEntity = defineEntity({
  name: 'User',
  tableName: 'users',
  properties: {
    id: p.text().primary(),
    email: p.text().unique(),
    passwordHash: p.text(),
    merchantId: p.text().nullable().index(),
    /** What a merchant's person may do; it says nothing about an operator. */
    role: p.enum(roles).default('owner'),
    createdAt: p.datetime().defaultRaw('now()'),
  },
})

/** A signed-in browser. The cookie's value is kept as its SHA-256 only. */
export const SessionEntity = defineEntity({
  name: 'Session',
  tableName: 'sessions',
  properties: {
    hash: p.text().primary(),
    userId: p.text().index(),
    createdAt: p.datetime().defaultRaw('now()'),
    expiresAt: p.datetime().index(),
    /** Until when this operator has confirmed that changes (retry, remove, pause …) are meant. */
    confirmedUntil: p.datetime().nullable(),
  },
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof UserEntity | typeof SessionEntity> {}
}
