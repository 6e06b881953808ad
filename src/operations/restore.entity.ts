import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'

/**
 * A time when the database was restored to an earlier moment, as `npm run adopt` notes it. What belongs to an order made before may have
 * been done at a provider without a trace of it here, so it is looked for before it is done.
 */
export const RestoreEntity = defineEntity({
  name: 'Restore',
  tableName: 'restores',
  properties: {
    restoredAt: p.datetime().primary(),
    /** The moment it was restored to. */
    restoredTo: p.datetime(),
  },
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof RestoreEntity> {}
}
