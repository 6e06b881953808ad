import type { Carriers } from '../carriers/carriers.ts'
import type { PrintJob } from '../carriers/printful.ts'
import type { PrintItem } from '../carriers/printful-items.ts'
import { attemptOperation, claimOperations } from '../operations/operations.ts'
import { printJobOf } from '../operations/purposes.ts'
import type { Config } from '../platform/config.ts'
import { ProviderError } from '../platform/provider-error.ts'
import { inGroup } from '../tasks/in-group.ts'
import { TaskError } from '../tasks/task-error.ts'
import type { UnitOfWork } from '../tasks/transaction.ts'
import { checkCost } from './limit-cost.ts'
import {
  type ItemToFulfil,
  isSentAgain,
  leftToSend,
  readShipmentStep,
  type ShipmentStep,
  skipShipment,
  writeLeftOut,
} from './lock-step.ts'
import { printJobId } from './print-job-id.ts'
import { storePurchase } from './store-purchase.ts'

type Parts = UnitOfWork & { carriers: Carriers; config: Config }
type Step = { orderId: string; sellerId: string; taskId: string }

/**
 * Places one seller's print jobs at Printful. Our shipment id is the order's `external_id`, which Printful keeps
 * unique, and a second attempt looks it up first: a job is printed once (I3). It is drafted, and confirmed when it costs what was quoted.
 */
export async function fulfillPod(parts: Parts, step: Step): Promise<void> {
  const { printer } = parts.carriers
  if (!printer) throw new TaskError('printful_not_configured', { retry: true })
  const order = await readShipmentStep(parts.database.sql, step, 'pod')
  if (!order) return
  const { shipmentId, nth, shipTo: recipient } = order
  const externalId = printJobId(order)
  if (!recipient) throw new TaskError('ship_to_missing', { retry: false })
  const items = leftToSend(order).map((item) => toPrintItem(item, item.quantity))
  if (items.length === 0) return skipShipment(parts, order, step.taskId)
  const chosen = order.shippingChoice?.parts.find((part) => part.path === 'pod' && part.sellerId === step.sellerId)
  const shipping = chosen?.service ?? 'STANDARD'
  const ordered = order.items.map((item) => toPrintItem(item, item.quantity + item.stopped))
  const [claim] = await claimOperations(
    parts,
    [
      {
        ...printJobOf(shipmentId, nth),
        orderId: step.orderId,
        provider: printer.name,
        request: { items: ordered, shipping },
      },
    ],
    { orderId: step.orderId, refundCount: order.refundCount, shipTo: recipient },
  )
  const job =
    claim?.outcome === 'claimed'
      ? await attemptOperation(parts, claim.operation, async ({ lookUpFirst }): Promise<PrintJob> => {
          await stopEarlier(printer, order)
          const known = lookUpFirst ? await printer.findOrder(externalId) : undefined
          const { currency } = order
          const job = known ?? (await placeOrder(printer, { externalId, recipient, items, shipping, currency }))
          if (job.status !== 'draft') return job
          const limit = { shipmentId, quoted: chosen?.cost, currency, accepted: order.acceptedCost }
          const { fulfilmentToleranceBps: toleranceBps } = parts.config
          await checkCost({ database: parts.database, provider: printer.name }, { ...limit, toleranceBps }, job)
          return confirmOrder(printer, job.reference)
        })
      : await printer.findOrder(externalId)
  if (!job) throw new TaskError('print_job_missing', { retry: true })

  const { reference, cost } = job
  await inGroup(parts, { kind: 'store-purchase', about: step.orderId }, async (tx) => {
    await storePurchase(
      tx,
      { orderId: step.orderId, taskId: step.taskId, cause: 'print job', again: isSentAgain(order) },
      {
        shipmentId,
        nth,
        reference,
        provider: printer.name,
        carrier: 'Printful',
        service: shipping,
        cost,
        currency: job.currency,
      },
      claim?.outcome === 'claimed' ? [{ operation: claim.operation, reference }] : [],
    )
    await writeLeftOut(tx, order)
  })
}

/** Makes sure of earlier jobs of the same goods that they are not printed, so that at most one is. */
async function stopEarlier(
  printer: NonNullable<Carriers['printer']>,
  { shipmentId, nth }: Pick<ShipmentStep, 'shipmentId' | 'nth'>,
): Promise<void> {
  for (let before = 1; before < nth; before += 1) {
    const job = await printer.findOrder(printJobId({ shipmentId, nth: before }))
    if (job && job.status !== 'canceled') await printer.recall(job.reference)
  }
}

function toPrintItem({ id, product, unitPrice }: ItemToFulfil, quantity: number): PrintItem {
  if (!product.printful) throw new TaskError('printful_variant_missing', { retry: false })
  return { id, name: product.name, quantity, unitPrice, product: product.printful }
}

/** A refusal may mean that an earlier attempt got through after all: then the order under our id is the answer. */
async function placeOrder(
  printer: NonNullable<Carriers['printer']>,
  request: Parameters<NonNullable<Carriers['printer']>['placeOrder']>[0],
): Promise<PrintJob> {
  try {
    return await printer.placeOrder(request)
  } catch (error) {
    const placed =
      error instanceof ProviderError && error.outcome === 'refused'
        ? await printer.findOrder(request.externalId)
        : undefined
    if (placed) return placed
    throw error
  }
}

/** A refusal may mean that an earlier attempt has confirmed it. */
async function confirmOrder(printer: NonNullable<Carriers['printer']>, reference: string): Promise<PrintJob> {
  try {
    return await printer.confirmOrder(reference)
  } catch (error) {
    const refused = error instanceof ProviderError && error.outcome === 'refused'
    const job = refused ? await printer.readOrder(reference) : undefined
    if (job && !['draft', 'failed', 'canceled'].includes(job.status)) return job
    throw error
  }
}
