import { z } from 'zod'

const decimal = z.string().regex(/^-?\d{1,20}(?:\.\d{1,20})?$/)
const id = z.string().min(1).max(100)

/** An invoice, as far as it is read. */
export const invoiceSchema = z.object({
  id,
  amount: decimal,
  currency: z.string().max(10),
  checkoutLink: z.string().max(2_000),
  createdTime: z.number(),
  status: z.enum(['New', 'Processing', 'Expired', 'Invalid', 'Settled']),
  additionalStatus: z.string().max(40),
  metadata: z.looseObject({ orderId: z.unknown().optional() }).nullish(),
})
export type Invoice = z.infer<typeof invoiceSchema>

/** What was paid of an invoice, by the ways of paying it. `value` and `fee` are in coins, `rate` is the price of one in the invoice's currency. */
export const paidSchema = z.array(
  z.object({
    currency: z.string().max(20).nullish(),
    rate: decimal,
    payments: z.array(
      z.object({ id, value: decimal, fee: decimal.nullish(), status: z.enum(['Invalid', 'Processing', 'Settled']) }),
    ),
  }),
)
export type Paid = z.infer<typeof paidSchema>

/** Money that is ready to be claimed. */
export const pullPaymentSchema = z.object({
  id,
  name: z.string().nullish(),
  currency: z.string().max(10),
  amount: decimal,
  archived: z.boolean(),
  viewLink: z.url().max(2_000),
})
export type PullPayment = z.infer<typeof pullPaymentSchema>

/** What was claimed of it. */
export const payoutSchema = z.object({
  id,
  originalAmount: decimal,
  state: z.enum(['AwaitingApproval', 'AwaitingPayment', 'InProgress', 'Completed', 'Cancelled']),
})
export type Payout = z.infer<typeof payoutSchema>
