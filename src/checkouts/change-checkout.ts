import { currentTaxCertificates } from '../customers/customers.ts'
import { findCustomer } from '../customers/find-customer.ts'
import type { Sql } from '../database/database.ts'
import { now, statement } from '../database/statement.ts'
import type { Tell } from '../outgoing/announce.ts'
import type { Party } from '../parties/address.ts'
import type { CustomerType } from '../parties/customer-type.ts'
import { ApiError } from '../platform/errors.ts'
import { newUuid } from '../platform/ids.ts'
import { freeOfCheckout } from '../sources/source.statements.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../tasks/transaction.ts'
import { destinations } from '../tax/places.ts'
import type { TaxCalculator, TaxRequest } from '../tax/tax-calculator.ts'
import { coversPlace, type TaxCertificate } from '../tax/tax-certificate.ts'
import { attachSourceToCheckout } from './attach-source.ts'
import { billToOfSource } from './bill-to-of-source.ts'
import type { CheckoutDetails, ShippingChoice } from './checkout.entity.ts'
import { type Checkout, readCheckout } from './checkout.ts'
import { type CheckoutItemInput, toItems } from './checkout-lines.ts'
import { withShipFrom } from './default-ship-from.ts'
import { type PricedCheckout, priceCheckout, toTaxRequest } from './price-checkout.ts'
import { chooseSellingEntity, loadSellingEntities } from './selling-entity.ts'
import { snapshotOf } from './selling-entity-snapshot.ts'
import { insertCheckout, storeCheckout } from './store-checkout.ts'

export type CheckoutParts = UnitOfWork & { tax: TaxCalculator; tell: { checkout: Tell<Checkout> } }

type Metadata = Record<string, string | number | boolean>

/** What a caller may set on a checkout. Absent keeps, null clears. Amounts in minor units. */
export type CheckoutChanges = {
  customerId?: string | undefined
  /** What it is to be paid with, attached by the same step. */
  sourceId?: string | undefined
  email?: string | undefined
  locale?: string | undefined
  shipTo?: Party | undefined
  billTo?: Party | undefined
  shippingChoice?: Pick<ShippingChoice, 'amount' | 'description' | 'serviceLevel' | 'shippingTerms'> | null | undefined
  metadata?: Metadata | undefined
  taxInclusive?: boolean | undefined
  customerType?: CustomerType | undefined
  taxIdentifierIds?: string[] | undefined
  details?: CheckoutDetails | undefined
}

/** What may change of a line once the checkout is made; its SKU, price and quantity may not. */
export type CheckoutItemChanges = Pick<CheckoutItemInput, 'subscription' | 'shipFrom' | 'metadata'> & {
  skuId?: string | undefined
}

/**
 * Makes a checkout: prices its lines, chooses the selling entity and asks for the tax. The tax calculator may call a
 * provider, so it is asked before the transaction.
 * @throws ApiError `invalid_parameter`, `missing_parameter`, `currency_mismatch`, `selling_entity_not_found`, `selling_entity_missing`,
 * `tax_rates_missing`, and what attaching its
 * source throws
 */
export async function createCheckout(parts: CheckoutParts, input: NewCheckout): Promise<Checkout> {
  const priced = await priceNewCheckout(parts, input)
  return inTransaction(parts, (tx) => storeNewCheckout(tx, parts, priced, input.changes.sourceId))
}

export type NewCheckout = {
  merchantId: string
  currency: string
  items: readonly CheckoutItemInput[]
  changes: CheckoutChanges
}

/** A checkout with its taxes, before it is stored. @throws what {@link createCheckout} throws */
export async function priceNewCheckout(parts: CheckoutParts, input: NewCheckout): Promise<Checkout> {
  const { sql } = parts.database
  const id = newUuid()
  const { changes } = input
  const customer = changes.customerId ? await findCustomer(sql, input.merchantId, changes.customerId) : undefined
  const draft: Checkout = {
    ...emptyCheckout,
    id,
    merchantId: input.merchantId,
    currency: input.currency,
    email: customer?.email ?? null,
    locale: customer?.locale ?? 'en_US',
    shipTo: customer?.shipping ?? null,
    items: await toItems(sql, input),
  }
  return price(parts, await merge(sql, draft, changes))
}

/** Stores what {@link priceNewCheckout} has made, with the source that came with it. */
export async function storeNewCheckout(
  tx: Transaction,
  parts: CheckoutParts,
  priced: Checkout,
  sourceId: string | undefined,
): Promise<Checkout> {
  await insertCheckout(tx, priced)
  return finishChange(tx, parts, priced, 'checkout.created', sourceId)
}

/** Attaches the source that came with a change, and tells what the checkout has become. */
async function finishChange(
  tx: Transaction,
  { tell }: CheckoutParts,
  { merchantId, id }: Pick<Checkout, 'merchantId' | 'id'>,
  type: 'checkout.created' | 'checkout.updated',
  sourceId: string | undefined,
): Promise<Checkout> {
  if (sourceId) await attachSourceToCheckout(tx, { merchantId, checkoutId: id, sourceId })
  const checkout = await readCheckout(tx.sql, merchantId, id)
  await tell.checkout(tx, { merchantId, type, object: checkout })
  return checkout
}

/**
 * Changes a checkout and prices it anew. @throws ApiError `not_found`, `cart_locked` once an order was made of it,
 * and what {@link createCheckout} throws
 */
export async function updateCheckout(
  parts: CheckoutParts,
  target: { merchantId: string; id: string },
  changes: CheckoutChanges,
  itemChanges: readonly CheckoutItemChanges[] = [],
): Promise<Checkout> {
  const { sql } = parts.database
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    const before = await readCheckout(sql, target.merchantId, target.id)
    if (before.lockedAt !== null) throw new ApiError('cart_locked')
    const merged = await merge(sql, before, changes)
    const items = merged.items.map((item) => {
      const change = itemChanges.find((entry) => entry.skuId === item.skuId)
      if (!change) return item
      return {
        ...item,
        subscription: change.subscription ?? item.subscription,
        shipFrom: change.shipFrom ?? item.shipFrom,
        metadata: change.metadata ?? item.metadata,
      }
    })
    const priced = await price(parts, { ...merged, items })
    const stored = await inTransaction(parts, async (tx) => {
      if (!(await storeCheckout(tx, priced, before.updatedAt))) return undefined
      return finishChange(tx, parts, priced, 'checkout.updated', changes.sourceId)
    })
    if (stored) return stored
  }
  throw new ApiError('checkout_busy')
}

/** Somebody else may change the same checkout between our reading and our writing. */
const maxAttempts = 5

const markDeleted = statement<{ id: string }>()((db, $) =>
  db
    .with('gone', (db) =>
      db
        .updateTable('checkouts')
        .set({ deleted_at: now })
        .where('id', '=', $.id)
        .where('deleted_at', 'is', null)
        .where('locked_at', 'is', null)
        .returning('id'),
    )
    .with('freed', (db) => freeOfCheckout(db.selectFrom('gone').select('id')))
    .selectFrom('gone')
    .select('id'),
)

/** Takes a checkout away that no order was made of; its source is free for another one. @throws ApiError `not_found`, `cart_locked` */
export async function deleteCheckout(parts: CheckoutParts, target: { merchantId: string; id: string }): Promise<void> {
  const { merchantId, id } = target
  await inTransaction(parts, async (tx) => {
    const checkout = await readCheckout(tx.sql, merchantId, id)
    const [gone] = await markDeleted(tx, { id })
    // Whoever was faster has ordered or deleted it.
    if (!gone) throw new ApiError((await readCheckout(tx.sql, merchantId, id)).lockedAt ? 'cart_locked' : 'not_found')
    await parts.tell.checkout(tx, { merchantId, type: 'checkout.deleted', object: checkout })
  })
}

const emptyCheckout = {
  customerId: null,
  shipTo: null,
  billTo: null,
  shippingChoice: null,
  metadata: {},
  details: {},
  taxInclusive: false,
  customerType: 'individual' as const,
  taxIdentifierIds: [],
  sellingEntity: null,
  sourceId: null,
  creditSourceId: null,
  lockedAt: null,
  createdAt: new Date(0),
  updatedAt: '',
  taxIdentifiers: [],
  sources: [],
  subtotal: 0,
  totalTax: 0,
  totalDuty: 0,
  totalFees: 0,
  totalDiscount: 0,
  totalShipping: 0,
  totalAmount: 0,
}

/** Whoever gives no billing address is billed where the owner of what pays is. */
function findBillTo(sql: Sql, { merchantId, sources: [attached] }: Checkout, given: string | undefined) {
  const sourceId = given ?? attached?.id
  return sourceId ? billToOfSource(sql, { merchantId, sourceId }) : null
}

async function merge(sql: Sql, before: Checkout, changes: CheckoutChanges): Promise<Checkout> {
  const taxIdentifierIds = changes.taxIdentifierIds ?? before.taxIdentifierIds
  const merged: Checkout = {
    ...before,
    customerId: changes.customerId ?? before.customerId,
    email: changes.email ?? before.email,
    locale: changes.locale ?? before.locale,
    shipTo: changes.shipTo ?? before.shipTo,
    billTo: changes.billTo ?? before.billTo ?? (await findBillTo(sql, before, changes.sourceId)),
    shippingChoice:
      changes.shippingChoice === undefined
        ? before.shippingChoice
        : changes.shippingChoice && { ...changes.shippingChoice, parts: [] },
    metadata: { ...before.metadata, ...changes.metadata },
    taxInclusive: changes.taxInclusive ?? before.taxInclusive,
    customerType: changes.customerType ?? before.customerType,
    taxIdentifierIds,
    details: { ...before.details, ...changes.details },
  }
  if (Object.keys(merged.metadata).length > 20) throw new ApiError('invalid_metadata', { parameter: 'metadata' })
  if (changes.customerId !== undefined && before.customerId !== changes.customerId) {
    const customer = await findCustomer(sql, before.merchantId, changes.customerId)
    merged.email ??= customer.email
    merged.shipTo ??= customer.shipping
  }
  return merged
}

/** Prices a checkout: selling entity, discounts, tax. Nothing is stored. */
async function price(parts: CheckoutParts, given: Checkout): Promise<Checkout> {
  const { sql } = parts.database
  const entities = await loadSellingEntities(sql, given.merchantId)
  const checkout = await withShipFrom(sql, given, entities)
  const entity = chooseSellingEntity(entities, {
    physical: checkout.items.some((item) => item.kind !== 'digital'),
    shipFrom: checkout.items
      .filter((item) => item.kind !== 'digital')
      .flatMap((item) => (item.shipFrom ?? checkout.details.shipFrom)?.address?.country ?? []),
    shipTo: checkout.shipTo?.address?.country ?? checkout.details.purchaseLocation?.country,
    billTo: checkout.billTo?.address?.country ?? checkout.details.purchaseLocation?.country,
  })
  if (entity.outcome === 'not_found') throw new ApiError('selling_entity_not_found')
  const taxIdentifiers = await readTaxIdentifiers(sql, checkout)
  const certificates = checkout.customerId
    ? await currentTaxCertificates(sql, checkout.merchantId, checkout.customerId)
    : []
  const { shippingChoice, details } = checkout
  const listed = shippingChoice?.listAmount ?? shippingChoice?.amount ?? 0
  const estimate: Party | null = details.purchaseLocation ? { address: details.purchaseLocation } : null
  const toPrice = {
    currency: checkout.currency,
    taxInclusive: checkout.taxInclusive,
    lines: checkout.items.map((item) => ({
      id: item.id,
      quantity: item.quantity,
      price: item.unitPrice,
      aggregatePrice: item.aggregatePrice ?? undefined,
      discount: item.discount ?? undefined,
      taxCode: item.taxCode,
      physical: item.kind !== 'digital',
      // As it was given: what the last pricing took out of it for tax belongs to it.
      fee: item.feeAmount + (checkout.taxInclusive ? item.feeTaxAmount : 0),
      duty: item.dutyAmount,
    })),
    discount: details.discount,
    shipping: listed,
    shippingDiscount: details.shippingDiscount,
    shipFrom: details.shipFrom ?? checkout.items.find(({ shipFrom }) => shipFrom?.address)?.shipFrom ?? null,
    shipTo: checkout.shipTo?.address ? checkout.shipTo : estimate,
    billTo: checkout.billTo?.address ? checkout.billTo : estimate,
    customerType: checkout.customerType,
    taxIdentifiers,
    sellingEntityCountry: entity.outcome === 'chosen' ? entity.entity.country : '',
    certificates,
  }
  const priced = priceCheckout(toPrice, await parts.tax.calculate(toTaxRequest(toPrice)))
  const taxExemption = exemptionOf(toTaxRequest(toPrice), priced.treatment)
  const known = { ...checkout, details: { ...details, taxExemption } }
  return withPrices(known, priced, listed, entity.outcome === 'chosen' ? snapshotOf(entity.entity) : null)
}

/** The certificates for which no tax was taken, as they are today: an auditor asks for them with the order. */
function exemptionOf(request: TaxRequest, treatment: string): TaxCertificate[] | undefined {
  const { goods, digital } = destinations(request)
  const counted = (request.certificates ?? []).filter((certificate) =>
    [goods, digital].some((place) => place && coversPlace(certificate, place)),
  )
  return treatment !== 'reverse_charge' && counted.length > 0 ? counted : undefined
}

function withPrices(
  checkout: Checkout,
  priced: PricedCheckout,
  listed: number,
  sellingEntity: Checkout['sellingEntity'],
): Checkout {
  const { lines, shippingTax, treatment, taxReference, rates, ...totals } = priced
  const { shippingChoice } = checkout
  if (!Number.isSafeInteger(totals.totalAmount)) throw new ApiError('invalid_amount')
  return {
    ...checkout,
    ...totals,
    details: {
      ...checkout.details,
      taxTreatment: treatment,
      shippingTaxRate: rates.shippingTaxRate,
      feeTaxRate: rates.feeTaxRate,
      ...(taxReference ? { taxReference } : {}),
    },
    sellingEntity,
    shippingChoice: shippingChoice && {
      ...shippingChoice,
      listAmount: listed,
      amount: totals.totalShipping,
      taxAmount: shippingTax,
    },
    items: checkout.items.map((item, index) => ({ ...item, ...lines[index], id: item.id })),
  }
}

type AppliedTaxIdentifier = { type: string; value: string; state: string }

const findTaxIdentifiers = statement<{ merchantId: string; ids: string[] }>()((db, $) =>
  db
    .selectFrom('tax_identifiers')
    .select(['type', 'value', 'state', 'customer_id as customerId'])
    .where('merchant_id', '=', $.merchantId)
    .where((t) => t('id', '=', t.fn.any($.ids))),
)

async function readTaxIdentifiers(
  on: Sql,
  { merchantId, taxIdentifierIds, customerId }: Checkout,
): Promise<AppliedTaxIdentifier[]> {
  if (taxIdentifierIds.length === 0) return []
  const found = await findTaxIdentifiers(on, { merchantId, ids: taxIdentifierIds })
  if (found.length !== new Set(taxIdentifierIds).size)
    throw new ApiError('invalid_parameter', { parameter: 'taxIdentifiers' })
  if (found.some((entry) => entry.customerId !== null && entry.customerId !== customerId))
    throw new ApiError('tax_identifier_in_use', { parameter: 'taxIdentifiers' })
  return found
}
