import { type Expression, expressionBuilder, sql } from 'kysely'
import type { Sql } from '../database/database.ts'
import { db, now, statement } from '../database/statement.ts'
import type { Tables } from '../database/tables.ts'
import { addressIn } from '../merchants/recipients.ts'
import { ApiError } from '../platform/errors.ts'
import type { Transaction } from '../tasks/transaction.ts'
import type { CouponTerms } from './take-off.ts'

const k = expressionBuilder<{ k: Tables['coupons'] }, 'k'>()

/** Whose order a redemption is. Of each coupon another hash, so that they cannot be laid side by side. */
const buyerHash = (couponId: Expression<string>, email: Expression<string | null>) =>
  sql<string | null>`encode(sha256(convert_to(${couponId} || ' ' || ${addressIn(email)}, 'UTF8')), 'hex')`

/** Whether `coupons as k` may be used now, by whoever has this address; nobody has been known to use it where that is null. */
const isOpen = (email: Expression<string | null>) =>
  sql<boolean>`(${k.and([
    k('k.active', '=', true),
    k('k.deleted_at', 'is', null),
    k.or([k('k.valid_from', 'is', null), k('k.valid_from', '<=', now)]),
    k.or([k('k.valid_until', 'is', null), k('k.valid_until', '>', now)]),
    k.or([k('k.max_redemptions', 'is', null), k('k.redemptions', '<', k.ref('k.max_redemptions'))]),
    k.or([
      k('k.once_per_buyer', '=', false),
      k.not(
        k.exists(
          db
            .selectFrom('coupon_redemptions as r')
            .select('r.order_id')
            .where('r.coupon_id', '=', k.ref('k.id'))
            .where('r.buyer_hash', '=', buyerHash(k.ref('k.id'), email)),
        ),
      ),
    ]),
  ])})`

/** Whether the coupon that a basket has taken may be used now; null for a basket without one. */
export const couponIsOpen = (basket: { coupon: Expression<CouponTerms | null>; email: Expression<string | null> }) =>
  db
    .selectFrom('coupons as k')
    .select(isOpen(basket.email).as('open'))
    .where('k.id', '=', sql<string>`${basket.coupon} ->> 'id'`)

/** Whether `coupons as k` has a code, in whatever case a buyer writes it. */
const hasCode = (code: Expression<string>) => sql<boolean>`lower(${k.ref('k.code')}) = lower(${code})`

const findByCode = statement<{ merchantId: string; code: string; email: string | null }>()((db, $) =>
  db
    .selectFrom('coupons as k')
    .select([
      'k.id',
      'k.code',
      'k.discount_bps as discountBps',
      'k.amount_off as amountOff',
      'k.currency',
      'k.sku_ids as skuIds',
      'k.minimum_amount as minimumAmount',
    ])
    .where('k.merchant_id', '=', $.merchantId)
    .where(hasCode($.code))
    .where(isOpen($.email.typed('text'))),
)

/** The coupon that a buyer names, if it may be used now. For all others there is one answer: it is undefined. */
export async function findCoupon(
  on: Sql,
  asked: { merchantId: string; code: string; email: string | null },
): Promise<CouponTerms | undefined> {
  const [terms] = await findByCode(on, asked)
  return terms
}

const readCode = statement<{ merchantId: string; code: string }>()((db, $) =>
  db
    .selectFrom('coupons as k')
    .select('k.id')
    .where('k.merchant_id', '=', $.merchantId)
    .where(hasCode($.code))
    .where('k.deleted_at', 'is', null),
)

/** Whether one of a merchant's coupons has a code, whatever may be done with it now. */
export async function isCode(on: Sql, asked: { merchantId: string; code: string }): Promise<boolean> {
  const found = await readCode(on, asked)
  return found.length > 0
}

const lock = statement<{ couponId: string }>()((db, $) =>
  db.selectFrom('coupons').select('id').where('id', '=', $.couponId).forUpdate(),
)

const countUp = statement<{ couponId: string; orderId: string; email: string }>()((db, $) =>
  db
    .with('counted', (db) =>
      db
        .updateTable('coupons as k')
        .set((coupon) => ({ redemptions: coupon('k.redemptions', '+', 1) }))
        .where('k.id', '=', $.couponId)
        .where(isOpen($.email.typed('text')))
        .returning('k.id'),
    )
    .insertInto('coupon_redemptions')
    .columns(['coupon_id', 'order_id', 'buyer_hash'])
    .expression((of) =>
      of
        .selectFrom('counted as c')
        .select((c) => [
          'c.id',
          $.orderId.typed('text').as('orderId'),
          buyerHash(c.ref('c.id'), $.email.typed('text')).as('buyerHash'),
        ]),
    )
    .returning('coupon_id'),
)

/**
 * Counts an order's coupon, under the coupon's row lock until the order is there: whoever wants the last one waits, and does not get it.
 * @throws ApiError `coupon_not_valid` where it may not be used any more, or not by this buyer
 */
export async function redeemCoupon(
  tx: Transaction,
  order: { couponId: string; orderId: string; email: string },
): Promise<void> {
  // Locked first and counted by a second statement: one that waited must see the redemptions of the order before.
  await lock(tx, { couponId: order.couponId })
  const redeemed = await countUp(tx, order)
  if (redeemed.length === 0) throw new ApiError('coupon_not_valid', { parameter: 'couponCode' })
}

const takeBack = statement<{ orderId: string }>()((db, $) =>
  db
    .with('gone', (db) => db.deleteFrom('coupon_redemptions').where('order_id', '=', $.orderId).returning('coupon_id'))
    .updateTable('coupons as k')
    .from('gone')
    .set((coupon) => ({ redemptions: coupon('k.redemptions', '-', 1) }))
    .whereRef('k.id', '=', 'gone.coupon_id'),
)

/** Gives back the coupon of an order that was given up before it was paid: somebody else may use it. */
export async function giveCouponBack(tx: Transaction, orderId: string): Promise<void> {
  await takeBack(tx, { orderId })
}

/** Takes out of the redemptions of orders whose they were. */
export const eraseRedemptions = statement<{ orderIds: string[] }>()((db, $) =>
  db
    .updateTable('coupon_redemptions')
    .set({ buyer_hash: null })
    .where((r) => r('order_id', '=', r.fn.any($.orderIds)))
    .where('buyer_hash', 'is not', null)
    .returning('order_id as id'),
)
