import { sql } from 'kysely'
import { jsonBuildObject } from 'kysely/helpers/postgres'
import { jsonList, now, scalar, statement } from '../database/statement.ts'
import type { Party } from '../parties/address.ts'
import { addressLines } from '../parties/address-lines.ts'
import { ApiError } from '../platform/errors.ts'
import type { DisputeEvidence } from '../providers/dispute-evidence.ts'
import type { PaymentProviders } from '../providers/providers.ts'
import { inTransaction, type UnitOfWork } from '../tasks/transaction.ts'
import { isDisputeClosed } from './dispute.state-machine.ts'
import type { DisputeView } from './read-disputes.ts'

// What an order tells a bank by itself: what was sold to whom, where it went and when it was fetched.
const readOrder = statement<{ orderId: string }>()((db, $) =>
  db
    .selectFrom('orders as o')
    .select((o) => [
      'o.email',
      'o.buyer_name as buyerName',
      'o.bill_to as billTo',
      'o.ship_to as shipTo',
      scalar(
        o
          .selectFrom('order_items as i')
          .select((i) =>
            jsonList(
              jsonBuildObject({ name: sql<string>`${i.ref('i.product')} ->> 'name'`, quantity: i.ref('i.quantity') }),
              i.ref('i.position'),
            ).as('list'),
          )
          .whereRef('i.order_id', '=', 'o.id'),
      ).as('items'),
      scalar(
        o
          .selectFrom('shipments as s')
          .select((s) =>
            jsonList(
              jsonBuildObject({ carrier: s.ref('s.carrier'), trackingNumber: s.ref('s.tracking_number') }),
              s.ref('s.id'),
            ).as('list'),
          )
          .whereRef('s.order_id', '=', 'o.id')
          .where('s.tracking_number', 'is not', null),
      ).as('parcels'),
      scalar(
        o
          .selectFrom('deliveries as d')
          .select((d) =>
            jsonList(
              jsonBuildObject({ deliveredAt: d.ref('d.delivered_at'), downloads: d.ref('d.download_count') }),
              d.ref('d.id'),
            ).as('list'),
          )
          .whereRef('d.order_id', '=', 'o.id'),
      ).as('deliveries'),
    ])
    .where('o.id', '=', $.orderId),
)

type OrderFacts = Awaited<ReturnType<typeof readOrder>>[number]

const markSent = statement<{ id: string }>()((db, $) =>
  db
    .updateTable('disputes')
    .set({ evidence_sent_at: now, updated_at: now })
    .where('id', '=', $.id)
    .where('evidence_sent_at', 'is', null)
    .returning('id'),
)

/**
 * Sends evidence about an open dispute to the buyer's bank, which takes it once. What the order knows is said with it, unless the caller says
 * it otherwise.
 * @throws ApiError `dispute_closed`, `evidence_sent`, `evidence_too_late`, `not_supported`; ProviderError
 */
export async function sendEvidence(
  parts: UnitOfWork & { providers: PaymentProviders },
  dispute: DisputeView,
  given: DisputeEvidence,
): Promise<void> {
  if (isDisputeClosed(dispute.state)) throw new ApiError('dispute_closed')
  if (dispute.evidenceSentAt !== null) throw new ApiError('evidence_sent')
  if (dispute.evidenceDueAt !== null && dispute.evidenceDueAt < new Date()) throw new ApiError('evidence_too_late')
  const provider = parts.providers.get(dispute.provider)
  const submit = provider?.submitEvidence?.bind(provider)
  if (!submit) throw new ApiError('evidence_not_taken')
  const [order] = await readOrder(parts.database, { orderId: dispute.orderId })
  const known = order ? factsOf(order) : {}
  const texts = { ...known, ...given.texts }
  await submit(dispute.providerReference, { texts, files: given.files })
  await inTransaction(parts, async (tx) => {
    const [marked] = await markSent(tx, { id: dispute.id })
    if (!marked) return
    const { id: subjectId, orderId } = dispute
    tx.note({
      orderId,
      kind: 'note',
      subject: 'dispute',
      subjectId,
      cause: 'evidence sent',
      detail: {
        files: given.files.length,
        said: Object.keys(texts).join(', '),
        shown: given.files.map(({ kind }) => kind).join(', '),
      },
    })
  })
}

function factsOf({
  email,
  buyerName,
  billTo,
  shipTo,
  items,
  parcels,
  deliveries,
}: OrderFacts): DisputeEvidence['texts'] {
  const name = billTo?.name ?? shipTo?.name ?? buyerName
  const [parcel] = parcels
  return withoutEmpty({
    customerEmail: email,
    customerName: name,
    billingAddress: addressOf(billTo),
    shippingAddress: addressOf(shipTo),
    productDescription: items.map((item) => `${item.quantity} × ${item.name}`).join(', '),
    shippingCarrier: parcel?.carrier,
    trackingNumber: parcels.map(({ trackingNumber }) => trackingNumber).join(', '),
    accessLog: deliveries
      .map(({ deliveredAt, downloads }) => `Delivered ${String(deliveredAt)}, downloaded ${downloads} times`)
      .join('\n'),
  })
}

const withoutEmpty = (texts: Record<string, string | null | undefined>): DisputeEvidence['texts'] =>
  Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== null && text !== undefined && text !== ''))

function addressOf(party: Party | null): string | undefined {
  if (!party?.address) return undefined
  return [...addressLines(party.address), party.address.country].join(', ')
}
