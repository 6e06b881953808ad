import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'

/** A size that a picture of a product is kept in: each is a file of its own, and the largest of them is the picture itself. */
export const PictureSizeEntity = defineEntity({
  name: 'PictureSize',
  tableName: 'picture_sizes',
  properties: {
    fileId: p.text().primary(),
    pictureId: p.text().index(),
    width: p.integer(),
    height: p.integer(),
  },
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof PictureSizeEntity> {}
}
