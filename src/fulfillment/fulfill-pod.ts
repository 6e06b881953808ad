import { attemptOperation, claimOperations } from '../payments/operations.ts'
import { newId } from '../platform/ids.ts'
import { ProviderError } from '../platform/provider-error.ts'
import { TaskError } from '../platform/task-error.ts'
import { inTransaction, type UnitOfWork } from '../platform/transaction.ts'
import type { PrintItem, PrintJob } from './carriers/printful.ts'
import type { Carriers } from './carriers.ts'
import { lockStep, readStep } from './lock-step.ts'
import { storePurchase } from './store-purchase.ts'

type Parts = UnitOfWork & { carriers: Carriers }
type Step = { orderId: string; sellerId: string; taskId: string }

/**
 * Places one seller's print jobs at Printful (R37). Our shipment id is the order's `external_id`, which Printful keeps
 * unique, and a second attempt looks it up first: a job is printed once (I3).
 */
export async function fulfillPod(parts: Parts, step: Step): Promise<void> {
  const { printer } = parts.carriers
  if (!printer) throw new TaskError('printful_not_configured', { retry: true })
  const order = await readStep(parts.database.sql, { ...step, kind: 'pod' })
  if (!order) return
  const [row] = await parts.database.sql<{ id: string }>(
    `insert into shipments (id, order_id, seller_id, path, provider, item_ids) values ($1, $2, $3, 'pod', 'printful', $4::jsonb)
     on conflict (order_id, path, seller_id) do update set updated_at = now() returning id`,
    [newId('shipment'), step.orderId, step.sellerId, JSON.stringify(order.items.map((item) => item.id))],
  )
  const recipient = order.shipTo
  if (!row || !recipient) throw new TaskError('ship_to_missing', { retry: false })
  const shipmentId = row.id
  const items = order.items.map((item): PrintItem => {
    if (!item.product.printful) throw new TaskError('printful_variant_missing', { retry: false })
    return {
      id: item.id,
      name: item.product.name,
      quantity: item.quantity,
      unitPrice: item.unitPrice,
      product: item.product.printful,
    }
  })
  const shipping =
    order.shippingChoice?.parts.find((part) => part.path === 'pod' && part.sellerId === step.sellerId)?.service ??
    'STANDARD'
  const [claim] = await claimOperations(parts, [
    {
      purpose: `${shipmentId}-order`,
      orderId: step.orderId,
      kind: 'pod_order',
      provider: printer.name,
      request: { items, shipping },
    },
  ])
  const job =
    claim?.outcome === 'claimed'
      ? await attemptOperation(parts, claim.operation, async ({ attempt }): Promise<PrintJob> => {
          const placed = attempt > 1 ? await printer.findOrder(shipmentId) : undefined
          return (
            placed ??
            placeOrder(printer, { externalId: shipmentId, recipient, items, shipping, currency: order.currency })
          )
        })
      : await printer.findOrder(shipmentId)
  if (!job) throw new TaskError('print_job_missing', { retry: true })

  await inTransaction(parts, async (tx) => {
    const locked = await lockStep(tx, { ...step, kind: 'pod' })
    if (!locked) return
    const { reference, cost } = job
    await storePurchase(
      tx,
      { order: locked, taskId: step.taskId, cause: 'print job' },
      { shipmentId, reference, carrier: 'Printful', service: shipping, cost },
      claim?.outcome === 'claimed' ? [{ operation: claim.operation, reference }] : [],
    )
  })
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
