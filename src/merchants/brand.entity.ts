import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'

/** How a merchant shows itself to its buyers. Without a row, and where a column is null, its pages look like everybody's. */
export const BrandEntity = defineEntity({
  name: 'Brand',
  tableName: 'brands',
  properties: {
    merchantId: p.text().primary(),
    /** What buyers read in place of the merchant's name. */
    displayName: p.text().nullable(),
    /** A stored picture, with its size, so that nothing jumps when it arrives. */
    logoId: p.text().nullable(),
    logoWidth: p.integer().nullable(),
    logoHeight: p.integer().nullable(),
    /** `#rrggbb`, in lower case. */
    accent: p.text().nullable(),
    termsUrl: p.text().nullable(),
    privacyUrl: p.text().nullable(),
    imprint: p.text().nullable(),
    supportEmail: p.text().nullable(),
    updatedAt: p.datetime().defaultRaw('now()'),
  },
})

export type BrandRow = InferEntity<typeof BrandEntity>

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof BrandEntity> {}
}
