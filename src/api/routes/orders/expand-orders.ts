import { z } from '@hono/zod-openapi'
import type { Sql } from '../../../database/database.ts'
import { disputesOfOrders } from '../../../disputes/read-disputes.ts'
import type { KeyOwner } from '../../../merchants/api-keys.ts'
import { ApiError } from '../../../platform/errors.ts'
import { refundsOfOrders } from '../../../refunds/read-refunds.ts'
import { orderSchema } from '../../order-json.ts'
import { requireScopeToRead } from '../../scopes.ts'
import { nearest } from '../../unknown-fields.ts'
import { disputeSchema, toDisputeJson } from '../disputes/dispute-json.ts'
import { refundSchema, toRefundJson } from '../refunds/refund-json.ts'

const expandable = ['refunds', 'disputes'] as const
type Expandable = (typeof expandable)[number]

export const expandSchema = z
  .string()
  .max(200)
  .optional()
  .openapi({
    description: `What else to show of each order, separated by commas: ${expandable.map((name) => `\`${name}\``).join(', ')}. For secret keys.`,
    example: 'refunds,disputes',
  })

export const expandedOrderSchema = orderSchema
  .extend({
    refunds: z.array(refundSchema).optional().openapi({ description: 'With `expand=refunds`: the newest first.' }),
    disputes: z.array(disputeSchema).optional().openapi({ description: 'With `expand=disputes`: the newest first.' }),
  })
  .openapi('ExpandedOrder')

/** What a caller asked to see as well. @throws ApiError `invalid_parameter` that names what could be meant, `scope_missing` */
export function readExpand(caller: Pick<KeyOwner, 'scopes'>, asked: string | undefined): ReadonlySet<Expandable> {
  const names = (asked ?? '').split(',').map((name) => name.trim())
  const expand = new Set(names.filter(Boolean).map(toExpandable))
  if (expand.size > 0) requireScopeToRead(caller, 'refunds')
  return expand
}

function toExpandable(name: string): Expandable {
  const known = expandable.find((each) => each === name)
  if (known) return known
  const near = nearest(name, expandable)
  const message = `Orders have no \`${name}\` to expand.${near ? ` Did you mean \`${near}\`?` : ''}`
  throw new ApiError('invalid_parameter', { parameter: 'expand', message })
}

/** Orders of a merchant's with what was asked for, in one statement each for all of them. */
export async function expandOrders<Order extends { id: string }>(
  sql: Sql,
  merchantId: string,
  orders: readonly Order[],
  expand: ReadonlySet<Expandable>,
) {
  const of = { merchantId, orderIds: orders.map(({ id }) => id) }
  const [refunds, disputes] = await Promise.all([
    expand.has('refunds') ? refundsOfOrders(sql, of) : undefined,
    expand.has('disputes') ? disputesOfOrders(sql, of) : undefined,
  ])
  return orders.map((order) => {
    const isIts = ({ orderId }: { orderId: string }) => orderId === order.id
    return {
      ...order,
      ...(refunds ? { refunds: refunds.filter(isIts).map(toRefundJson) } : {}),
      ...(disputes ? { disputes: disputes.filter(isIts).map(toDisputeJson) } : {}),
    }
  })
}
