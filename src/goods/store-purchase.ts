import { db, type NewRow, scalar, statement } from '../database/statement.ts'
import { insertEntries, toEntries } from '../ledger/ledger.ts'
import { complete, type DoneRow } from '../operations/operations.statements.ts'
import { confirmCompleted, type DoneOperation, doneRows } from '../operations/operations.ts'
import { countStep, stayConfirmed } from '../orders/open-steps.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { costOf } from './book-cost.ts'
import { completeStep } from './finish-step.ts'
import { moveShipments } from './move-shipment.ts'

/** What a carrier or a printer sold; `cost` in minor units of the order's currency. */
export type Purchase = {
  shipmentId: string
  /** The how-manieth label or print job of it. */
  nth: number
  provider: string
  currency: string
  /** The provider's id; a parcel has it before anything is bought. */
  reference: string
  carrier: string
  service: string
  cost: number | null
  labelUrl?: string | null
  trackingNumber?: string | null
  trackingUrl?: string | null
}

type Stored = { orderId: string; done: readonly DoneRow[]; entries: readonly NewRow<'ledger_entries'>[] } & {
  [Key in Exclude<keyof Purchase, 'provider' | 'currency' | 'nth'>]-?: Exclude<Purchase[Key], undefined>
}

const holes = {
  orderId: 'text',
  shipmentId: 'text',
  reference: 'text',
  carrier: 'text',
  service: 'text',
  cost: 'bigint',
  labelUrl: 'text',
  trackingNumber: 'text',
  trackingUrl: 'text',
  done: 'jsonb',
  entries: 'jsonb',
} as const

const storeWith = (after: typeof countStep) =>
  statement<Stored>(holes)((from, $) => {
    const bought = {
      provider_reference: $.reference,
      carrier: $.carrier,
      service: $.service,
      cost: $.cost,
      label_url: $.labelUrl,
      tracking_number: $.trackingNumber,
      tracking_url: $.trackingUrl,
    }
    const stored = from
      .with('completed', () => complete($.done))
      .with('entered', () => insertEntries($.entries))
      .with('moved', () => moveShipments('purchased').set(bought).where('s.id', '=', $.shipmentId).returning('s.id'))
      // The carrier may tell that a parcel moves before the worker that bought its label can say so, or its successor.
      .with('kept', (step) =>
        step.updateTable('shipments').set(bought).where('id', '=', $.shipmentId).where('state', 'in', underWay),
      )
    return after(stored, $.orderId).returning([
      scalar(countOf('completed')).as('completed'),
      scalar(countOf('moved')).as('moved'),
    ])
  })

const store = storeWith(countStep)
/** Of what is sent again the step was counted when it was sent first. */
const storeAgain = storeWith(stayConfirmed)

const underWay = ['in_transit', 'delivered', 'failed'] as const

/** The rows of a part of this statement; the builder knows tables only, and theirs are as good as any. */
const countOf = (part: 'completed' | 'moved') =>
  db.selectFrom(part as 'operations').select((rows) => rows.fn.countAll<number>().as('count'))

/**
 * Stores what was bought for a shipment, completes the operation that bought it and finishes the step, which locks the order; a step that
 * sends `again` was counted before.
 * @throws TaskBusy when another worker holds the operation by now, or TaskError when the order is not accepted any more;
 * either rolls everything back
 */
export async function storePurchase(
  tx: Transaction,
  step: { orderId: string; taskId: string; cause: string; again: boolean },
  purchase: Purchase,
  done: readonly DoneOperation[],
): Promise<void> {
  const { orderId, taskId, cause, again } = step
  const { provider, currency, nth, ...bought } = purchase
  const { shipmentId, carrier, service, cost } = bought
  const { labelUrl = null, trackingNumber = null, trackingUrl = null } = purchase
  const [stored] = await (again ? storeAgain : store)(tx, {
    ...bought,
    labelUrl,
    trackingNumber,
    trackingUrl,
    orderId,
    done: doneRows(done),
    entries: toEntries([costOf({ shipmentId, nth, orderId, provider, amount: cost ?? 0, currency })]),
  })
  tx.note({
    orderId,
    kind: stored?.moved === 0 ? 'drop' : 'transition',
    subject: 'shipment',
    subjectId: shipmentId,
    from: 'created',
    to: 'purchased',
    cause,
    detail: { carrier, service },
  })
  await completeStep(tx, orderId, taskId, stored?.openSteps, again)
  confirmCompleted(tx, done, stored?.completed ?? 0)
}
