import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'

/** Somebody has asked for a new password. What opens it is its signed id, which stands in a mail only. */
export const PasswordResetEntity = defineEntity({
  name: 'PasswordReset',
  tableName: 'password_resets',
  properties: {
    id: p.text().primary(),
    userId: p.text().index(),
    createdAt: p.datetime().defaultRaw('now()'),
    expiresAt: p.datetime().index(),
    usedAt: p.datetime().nullable(),
  },
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof PasswordResetEntity> {}
}
