import { statement } from '../database/statement.ts'
import type { OrderView } from '../order-view/read-order.ts'
import type { Transaction } from '../tasks/transaction.ts'
import type { DocumentKind, DocumentSeller } from './document-data.ts'

/** Who issues the documents of an order, and in which series. */
export type Issuer = { ownerId: string; sellingEntityId: string; seller: DocumentSeller; prefix: string }

const ofInstallation = '*'
const letters: Record<DocumentKind, string> = { invoice: 'INV', credit_memo: 'CM' }

const readMerchant = statement<{ merchantId: string }>()((db, $) =>
  db.selectFrom('merchants').select(['name', 'ship_from as shipFrom']).where('id', '=', $.merchantId),
)

/** The selling entity of an order as it was when it sold, or its merchant where there is none. */
export async function readIssuer(
  tx: Pick<Transaction, 'sql'>,
  merchantId: string,
  { sellingEntity }: Pick<OrderView, 'sellingEntity'>,
): Promise<Issuer> {
  if (!sellingEntity) return readMerchantIssuer(tx, merchantId)
  // Two merchants may give their own entities the same name; each counts for itself.
  const { id, ownerId, name, address, taxIdentifiers = [] } = sellingEntity
  return {
    ownerId: ownerId ?? ofInstallation,
    sellingEntityId: id,
    prefix: `${id}-`,
    seller: { name, address: (address as DocumentSeller['address'] | undefined) ?? null, taxIdentifiers },
  }
}

async function readMerchantIssuer(tx: Pick<Transaction, 'sql'>, merchantId: string): Promise<Issuer> {
  const [merchant] = await readMerchant(tx, { merchantId })
  return {
    ownerId: merchantId,
    sellingEntityId: merchantId,
    prefix: '',
    seller: { name: merchant?.name ?? '', address: merchant?.shipFrom?.address ?? null, taxIdentifiers: [] },
  }
}

type Series = { ownerId: string; sellingEntityId: string; kind: DocumentKind; liveMode: boolean }

const countUp = statement<Series>()((db, $) =>
  db
    .insertInto('document_numbers')
    .values({
      owner_id: $.ownerId,
      selling_entity_id: $.sellingEntityId,
      kind: $.kind,
      live_mode: $.liveMode,
      last_number: 1,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['owner_id', 'selling_entity_id', 'kind', 'live_mode'])
        .doUpdateSet((series) => ({ last_number: series('document_numbers.last_number', '+', 1) })),
    )
    .returning('last_number as last'),
)

/**
 * The next number of a series, such as `INV-ACME_IE-000042`. Its row stays locked until the transaction ends, so that a number is either used or
 * given out again: a series has no gaps. Test mode counts for itself.
 */
export async function nextNumber(
  tx: Pick<Transaction, 'sql'>,
  { ownerId, sellingEntityId, prefix }: Issuer,
  { kind, liveMode }: { kind: DocumentKind; liveMode: boolean },
): Promise<string> {
  const [series] = await countUp(tx, { ownerId, sellingEntityId, kind, liveMode })
  if (!series) throw new Error(`no number for ${sellingEntityId}`)
  return `${liveMode ? '' : 'TEST-'}${letters[kind]}-${prefix}${String(series.last).padStart(6, '0')}`
}
