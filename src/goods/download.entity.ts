import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'

/** A download that was counted: one per signed link. Kept, because a dispute asks whether and when the buyer got the goods. */
export const DownloadEntity = defineEntity({
  name: 'Download',
  tableName: 'downloads',
  properties: {
    /** SHA-256 of the link's token; the token itself is kept nowhere. */
    tokenHash: p.text().primary(),
    deliveryId: p.text().index(),
    fileId: p.text(),
    at: p.datetime().defaultRaw('now()'),
  },
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof DownloadEntity> {}
}
