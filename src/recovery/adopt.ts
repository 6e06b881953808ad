import { sql } from 'kysely'
import { attachPayment } from '../charges/charge-writes.ts'
import { planCharge, readOrderToPay } from '../charges/plan-charge.ts'
import { cancelCharge } from '../confirmation/cancel-charge.ts'
import { cancelOrder } from '../confirmation/cancel-order.ts'
import { reconcileCharge } from '../confirmation/reconcile-charge.ts'
import { violatedConstraint } from '../database/database.ts'
import { statement } from '../database/statement.ts'
import { storeProviderEvent } from '../inbox/receive-webhook.ts'
import { noteRestore } from '../operations/restored.ts'
import { payableStates } from '../orders/order.state-machine.ts'
import type { Config } from '../platform/config.ts'
import { ProviderError } from '../platform/provider-error.ts'
import type { FoundPayment } from '../providers/provider.ts'
import type { PaymentProvider, PaymentProviders } from '../providers/providers.ts'
import { inTransaction, type UnitOfWork } from '../tasks/transaction.ts'

type Parts = UnitOfWork & { config: Config; providers: PaymentProviders }

/** What became of the payments and events of the lost time. */
export type Adoption = {
  /** Events of providers that were stored anew, to be applied by the workers. */
  events: number
  /** Payments of orders that are there, whose charge was not. */
  charges: number
  /** Payments that the provider was asked about and whose state was applied. */
  asked: number
  /** Payments of orders that were lost. Money that was received for them belongs to their buyers. */
  lost: (Pick<FoundPayment, 'orderId' | 'reference' | 'received' | 'currency'> & { givenBack: boolean })[]
  /** Payments that could not be adopted; a person has to look. */
  open: { orderId: string; reference: string; reason: string }[]
}

/**
 * Takes over what providers did in the time that a restored database has lost, by our metadata: notes the restore, so that every first
 * attempt for an older order looks for its effect; makes the charges that are missing; applies what became of payments; and stores the
 * events that were received in that time. To be run after the restore and before workers and API start; running it again does no harm.
 * @param restoredTo the moment to which the database was restored, or one before it
 * @param giveBack whether payments of orders that were lost are cancelled or refunded, and their transfers reversed
 */
export async function adopt(parts: Parts, restoredTo: Date, giveBack: boolean): Promise<Adoption> {
  await noteRestore(parts.database, { restoredTo })
  const adoption: Adoption = { events: 0, charges: 0, asked: 0, lost: [], open: [] }
  for (const provider of parts.providers.values()) {
    if (!provider.recovery) continue
    const payments = await provider.recovery.payments(restoredTo)
    for (const payment of payments) await attach(parts, payment)
    // Money first: an order whose first payment was given up for a second one is not given up.
    for (const payment of payments.toSorted((a, b) => rankOf(a) - rankOf(b)))
      await adoptPayment(parts, provider, payment, giveBack, adoption)
    for await (const event of provider.recovery.events(restoredTo))
      if (await storeProviderEvent(parts, provider, event)) adoption.events += 1
  }
  await endGivenUp(parts, restoredTo, adoption)
  return adoption
}

const rankOf = ({ received, ended }: FoundPayment): number => (received > 0 ? 0 : ended ? 2 : 1)

const readKnown = statement<{ orderId: string; chargeId: string }>()((db, $) =>
  db
    .selectFrom('orders as o')
    .leftJoin('charges as c', (on) => on.onRef('c.order_id', '=', 'o.id').on('c.id', '=', $.chargeId))
    .select(['o.merchant_id as merchantId', 'c.id as charge'])
    .where('o.id', '=', $.orderId),
)

async function adoptPayment(
  parts: Parts,
  provider: PaymentProvider,
  payment: FoundPayment,
  giveBack: boolean,
  adoption: Adoption,
): Promise<void> {
  const { orderId, chargeId, reference, received, currency } = payment
  const [known] = await readKnown(parts.database, { orderId, chargeId })
  if (!known) {
    if (giveBack) await provider.recovery?.giveBack(payment)
    adoption.lost.push({ orderId, reference, received, currency, givenBack: giveBack })
    return
  }
  try {
    if (known.charge === null) {
      await endOthers(parts, orderId)
      await makeCharge(parts, provider, payment, known.merchantId)
      adoption.charges += 1
    }
    await reconcileCharge(parts, { orderId, chargeId }, 'adopted')
    await endNeedless(parts, { orderId, chargeId })
    adoption.asked += 1
  } catch (error) {
    if (violatedConstraint(error) === undefined && !(error instanceof ProviderError)) throw error
    adoption.open.push({ orderId, reference, reason: error instanceof Error ? error.message : 'unknown' })
  }
}

const readLive = statement<{ orderId: string }>()((db, $) =>
  db.selectFrom('charges').select('id').where('order_id', '=', $.orderId).where('state', 'in', ['pending', 'failed']),
)

/** An order has one live charge: those before the one that is adopted now were given up for it, or are now. */
async function endOthers(parts: Parts, orderId: string): Promise<void> {
  const live = await readLive(parts.database, { orderId })
  for (const { id } of live) await cancelCharge(parts, { orderId, chargeId: id })
}

const findNeedless = statement<{ chargeId: string }>()((db, $) =>
  db
    .selectFrom('charges as c')
    .innerJoin('orders as o', 'o.id', 'c.order_id')
    .select('c.id')
    .where('c.id', '=', $.chargeId)
    .where('c.state', 'in', ['pending', 'failed'])
    .where('o.state', 'not in', payableStates),
)

/** What can still be paid for an order that is paid, or closed, is given up. */
async function endNeedless(parts: Parts, target: { orderId: string; chargeId: string }): Promise<void> {
  const [needless] = await findNeedless(parts.database, { chargeId: target.chargeId })
  if (needless) await cancelCharge(parts, target)
}

const readGivenUp = statement<{ restoredTo: Date; open: readonly string[] }>()((db, $) =>
  db
    .selectFrom('orders as o')
    .select('o.id')
    .where('o.state', 'in', payableStates)
    .where('o.draft', '=', false)
    .where((o) =>
      o.exists(
        o
          .selectFrom('charges as c')
          .select('c.id')
          .whereRef('c.order_id', '=', 'o.id')
          .where('c.updated_at', '>=', sql<Date>`${$.restoredTo.typed('timestamptz')} - interval '1 minute'`),
      ),
    )
    .where((o) =>
      o.not(
        o.exists(
          o
            .selectFrom('charges as c')
            .select('c.id')
            .whereRef('c.order_id', '=', 'o.id')
            .where('c.state', '<>', 'cancelled'),
        ),
      ),
    )
    .where((o) => sql<boolean>`${o.ref('o.id')} <> all(${$.open.typed('text[]')})`),
)

/**
 * Whoever gives an order up ends its payment first, and the order a moment later. Where the backup fell between the two, the order was ended
 * and its buyer told so in the lost time, unless another payment was begun for it, which was adopted by now.
 */
async function endGivenUp(parts: Parts, restoredTo: Date, { open }: Adoption): Promise<void> {
  const givenUp = await readGivenUp(parts.database, { restoredTo, open: open.map(({ orderId }) => orderId) })
  for (const { id } of givenUp)
    await cancelOrder(parts, { orderId: id, reason: 'payment given up before the restore', cause: 'adopted' })
}

async function makeCharge(
  parts: Parts,
  provider: PaymentProvider,
  payment: FoundPayment,
  merchantId: string,
): Promise<void> {
  const { orderId, chargeId, amount } = payment
  await inTransaction(parts, async (tx) => {
    const order = await readOrderToPay(tx, orderId, { merchantId })
    if (!order) throw new Error(`order ${orderId} does not exist`)
    await planCharge(tx, parts.config, provider, order, {
      id: chargeId,
      method: provider.method,
      amount,
      returnUrl: undefined,
    })
  })
  await attach(parts, payment)
}

async function attach({ database }: Parts, { chargeId, reference, clientSecret }: FoundPayment): Promise<void> {
  await attachPayment(database, { id: chargeId, reference, clientSecret })
}
