import { LockMode } from '@mikro-orm/postgresql'
import type { DatabaseTransaction, Sql } from '../database/database.ts'
import { insertRows, type NewRow, statement } from '../database/statement.ts'
import { BrandEntity, type BrandRow } from './brand.entity.ts'

export type Logo = { id: string; width: number; height: number }

type Said = Record<'accent' | 'termsUrl' | 'privacyUrl' | 'imprint' | 'supportEmail', string | null> & {
  logo: Logo | null
}

/** A merchant as its buyers see it. */
export type Brand = Said & { name: string }

/** What a merchant has said itself. */
export type BrandSettings = Said & { displayName: string | null }

const read = statement<{ merchantId: string }>()((db, $) =>
  db
    .selectFrom('merchants as m')
    .leftJoin('brands as b', 'b.merchant_id', 'm.id')
    .select(({ fn }) => [
      fn.coalesce('b.display_name', 'm.name').as('name'),
      'b.logo_id as logoId',
      'b.logo_width as logoWidth',
      'b.logo_height as logoHeight',
      'b.accent',
      'b.terms_url as termsUrl',
      'b.privacy_url as privacyUrl',
      'b.imprint',
      'b.support_email as supportEmail',
    ])
    .where('m.id', '=', $.merchantId),
)

/** How a merchant shows itself; one that has said nothing by its name alone. */
export async function readBrand(on: Sql, merchantId: string): Promise<Brand> {
  const [row] = await read(on, { merchantId })
  if (!row) throw new Error('an order or a link without a merchant')
  const { logoId, logoWidth, logoHeight, ...brand } = row
  return { ...brand, logo: logoOf({ logoId, logoWidth, logoHeight }) }
}

type LogoColumns = Pick<BrandRow, 'logoId' | 'logoWidth' | 'logoHeight'>

const logoOf = ({ logoId, logoWidth, logoHeight }: LogoColumns): Logo | null =>
  logoId && logoWidth && logoHeight ? { id: logoId, width: logoWidth, height: logoHeight } : null

const noBrand: BrandSettings = {
  displayName: null,
  logo: null,
  accent: null,
  termsUrl: null,
  privacyUrl: null,
  imprint: null,
  supportEmail: null,
}

const toSettings = (row: BrandRow): BrandSettings => ({
  displayName: row.displayName ?? null,
  logo: logoOf(row),
  accent: row.accent ?? null,
  termsUrl: row.termsUrl ?? null,
  privacyUrl: row.privacyUrl ?? null,
  imprint: row.imprint ?? null,
  supportEmail: row.supportEmail ?? null,
})

/** What a merchant has said of its brand. */
export async function readBrandSettings(
  { em }: Pick<DatabaseTransaction, 'em'>,
  merchantId: string,
): Promise<BrandSettings> {
  const row = await em.findOne(BrandEntity, { merchantId })
  return row ? toSettings(row) : noBrand
}

const begin = statement<{ brand: NewRow<'brands'> }>()((_, $) =>
  insertRows('brands', $.brand).onConflict((conflict) => conflict.column('merchant_id').doNothing()),
)

/** Changes what is given. Returns it as it is then, and the logo that nobody shows any more. */
export async function changeBrand(
  tx: Pick<DatabaseTransaction, 'sql' | 'em'>,
  merchantId: string,
  changes: Partial<BrandSettings>,
): Promise<{ settings: BrandSettings; formerLogo: Logo | null }> {
  // Two first changes at once are one row, which the second waits for.
  await begin(tx, { brand: { merchant_id: merchantId } })
  const row = await tx.em.findOneOrFail(BrandEntity, { merchantId }, { lockMode: LockMode.PESSIMISTIC_WRITE })
  const former = logoOf(row)
  const { logo, ...fields } = changes
  const drawn =
    logo === undefined
      ? {}
      : { logoId: logo?.id ?? null, logoWidth: logo?.width ?? null, logoHeight: logo?.height ?? null }
  tx.em.assign(row, { ...fields, ...drawn, updatedAt: new Date() })
  await tx.em.flush()
  return { settings: toSettings(row), formerLogo: logo === undefined || logo?.id === former?.id ? null : former }
}
