import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'

/** A public address of a file. Its token is a signature of its id and kept nowhere. */
export const FileLinkEntity = defineEntity({
  name: 'FileLink',
  tableName: 'file_links',
  properties: {
    id: p.text().primary(),
    fileId: p.text().index(),
    merchantId: p.text(),
    expiresAt: p.datetime(),
    metadata: p.json<Record<string, string | number | boolean>>().nullable(),
    liveMode: p.boolean(),
    createdAt: p.datetime().defaultRaw('now()'),
  },
  indexes: [{ properties: ['merchantId', 'id'] }],
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof FileLinkEntity> {}
}
