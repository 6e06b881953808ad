import { eraseCharges } from '../charges/erase.ts'
import { eraseCheckoutItems, eraseCheckouts, eraseShippingRates } from '../checkouts/erase.ts'
import { eraseRedemptions } from '../coupons/redeem.ts'
import { eraseCustomer, eraseTaxIdentifiers } from '../customers/erase.ts'
import { eraseDocumentLinks } from '../documents/erase.ts'
import { eraseFraudSignals } from '../fraud/erase.ts'
import { eraseFulfillments, eraseReturns } from '../fulfillment/erase.ts'
import { eraseDeliveries, eraseDownloads, eraseShipments } from '../goods/erase.ts'
import { eraseInboxEvents } from '../inbox/erase.ts'
import { eraseAnswers } from '../merchants/erase.ts'
import { eraseMails } from '../notifications/erase.ts'
import { eraseOrderItems, eraseOrderNotes, eraseOrders, eraseOrderTags } from '../orders/erase.ts'
import { eraseDeliveryAttempts, eraseEvents } from '../outgoing/erase.ts'
import { eraseRefunds } from '../refunds/erase.ts'
import { eraseSources } from '../sources/erase.ts'
import type { Transaction } from '../tasks/transaction.ts'
import type { Subject } from './find-subject.ts'

type Tx = Pick<Transaction, 'sql'>

/** What takes a person out of each table, in this order; each room says itself what that is for its tables. */
const steps: readonly [table: string, erase: (tx: Tx, about: ReturnType<typeof toAbout>) => Promise<unknown[]>][] = [
  ['orders', eraseOrders],
  ['order_items', eraseOrderItems],
  ['order_notes', eraseOrderNotes],
  ['order_tags', eraseOrderTags],
  ['coupon_redemptions', eraseRedemptions],
  ['shipments', eraseShipments],
  ['fulfillments', eraseFulfillments],
  ['returns', eraseReturns],
  ['refunds', eraseRefunds],
  ['file_links', eraseDocumentLinks],
  ['downloads', eraseDownloads],
  ['deliveries', eraseDeliveries],
  ['fraud_signals', eraseFraudSignals],
  ['mails', eraseMails],
  ['checkouts', eraseCheckouts],
  ['shipping_rates', eraseShippingRates],
  ['checkout_items', eraseCheckoutItems],
  ['charges', eraseCharges],
  ['sources', eraseSources],
  ['tax_identifiers', eraseTaxIdentifiers],
  ['event_deliveries', eraseDeliveryAttempts],
  ['outgoing_events', eraseEvents],
  ['inbox_events', eraseInboxEvents],
  ['idempotency_keys', (tx, about) => eraseAnswers(tx, { ...about, thingIds: [...about.orderIds, ...about.thingIds] })],
  ['customers', async (tx, about) => (about.customerId === null ? [] : eraseCustomer(tx, about))],
]

/**
 * Takes out of every table what tells who somebody is. Amounts, taxes, countries, states, times and document numbers stay, and so do
 * the documents that the law wants kept. Returns the number of rows by table.
 */
export async function eraseRows(tx: Tx, subject: Subject): Promise<Record<string, number>> {
  const about = toAbout(subject)
  const erased: Record<string, number> = {}
  for (const [table, erase] of steps) {
    const { length } = await erase(tx, about)
    if (length > 0) erased[table] = length
  }
  return erased
}

/** A person by ids; `thingIds` are those of whatever has no order. */
function toAbout({ saved: _, busy: __, ...ids }: Subject) {
  const { checkoutIds, sourceIds, taxIdentifierIds, customerId } = ids
  const thingIds = [...checkoutIds, ...sourceIds, ...taxIdentifierIds, ...(customerId === null ? [] : [customerId])]
  return { ...ids, thingIds }
}
