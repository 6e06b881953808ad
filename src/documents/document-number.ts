import type { OrderView } from '../order-view/read-order.ts'
import type { Transaction } from '../tasks/transaction.ts'
import type { DocumentKind, DocumentSeller } from './document-data.ts'

/** Who issues the documents of an order, and in which series. */
export type Issuer = { ownerId: string; sellingEntityId: string; seller: DocumentSeller; prefix: string }

const ofInstallation = '*'
const letters: Record<DocumentKind, string> = { invoice: 'INV', credit_memo: 'CM' }

/** The selling entity of an order, or its merchant where there is none. */
export async function readIssuer(
  { sql }: Pick<Transaction, 'sql'>,
  merchantId: string,
  { sellingEntity }: Pick<OrderView, 'sellingEntity'>,
): Promise<Issuer> {
  if (!sellingEntity) return readMerchantIssuer(sql, merchantId)
  // Two merchants may give their own entities the same name; each counts for itself.
  const [found] = await sql<{ ownerId: string | null }>(
    `select merchant_id as "ownerId" from selling_entities
     where entity_id = $2 and (merchant_id is null or merchant_id = $1 or merchant_id = (select parent_id from merchants where id = $1))
     order by merchant_id = $1 desc nulls last limit 1`,
    [merchantId, sellingEntity.id],
  )
  const { id, name, address, taxIdentifiers = [] } = sellingEntity
  return {
    ownerId: found ? (found.ownerId ?? ofInstallation) : merchantId,
    sellingEntityId: id,
    prefix: `${id}-`,
    seller: { name, address: (address as DocumentSeller['address'] | undefined) ?? null, taxIdentifiers },
  }
}

async function readMerchantIssuer(sql: Transaction['sql'], merchantId: string): Promise<Issuer> {
  const [merchant] = await sql<{ name: string; shipFrom: { address?: DocumentSeller['address'] } | null }>(
    `select name, ship_from as "shipFrom" from merchants where id = $1`,
    [merchantId],
  )
  return {
    ownerId: merchantId,
    sellingEntityId: merchantId,
    prefix: '',
    seller: { name: merchant?.name ?? '', address: merchant?.shipFrom?.address ?? null, taxIdentifiers: [] },
  }
}

/**
 * The next number of a series, such as `INV-ACME_IE-000042`. Its row stays locked until the transaction ends, so that a number is either used or
 * given out again: a series has no gaps. Test mode counts for itself.
 */
export async function nextNumber(
  { sql }: Pick<Transaction, 'sql'>,
  { ownerId, sellingEntityId, prefix }: Issuer,
  { kind, liveMode }: { kind: DocumentKind; liveMode: boolean },
): Promise<string> {
  const [series] = await sql<{ last: number }>(
    `insert into document_numbers as n (owner_id, selling_entity_id, kind, live_mode, last_number) values ($1, $2, $3, $4, 1)
     on conflict (owner_id, selling_entity_id, kind, live_mode) do update set last_number = n.last_number + 1
     returning last_number as last`,
    [ownerId, sellingEntityId, kind, liveMode],
  )
  if (!series) throw new Error(`no number for ${sellingEntityId}`)
  return `${liveMode ? '' : 'TEST-'}${letters[kind]}-${prefix}${String(series.last).padStart(6, '0')}`
}
