import { z } from '@hono/zod-openapi'
import { iso } from '../../../database/database.ts'
import type { PayoutView } from '../../../payouts/list-payouts.ts'
import { payoutMethods } from '../../../payouts/payout.entity.ts'
import { payoutStates } from '../../../payouts/payout.state-machine.ts'
import { toMajor } from '../../../platform/money.ts'
import { amountSchema, currencySchema, minorUnits } from '../../schemas.ts'
import { ofMerchant, ofRecipient } from '../balances/owner.ts'

const reference = z.string().trim().min(1).max(100)

/** What a payout is asked for with. */
export const payoutInput = z.strictObject({
  merchantId: ofMerchant,
  recipientId: ofRecipient,
  currency: currencySchema,
  amount: amountSchema.optional().openapi({ description: 'All that is available where it is not said.' }),
  method: z.enum(payoutMethods).openapi({
    description: '`transfer` goes to the connected account; `manual` is made by a person at the bank.',
  }),
  reference: reference.optional().openapi({ description: "The bank's, of a manual payout that is made already." }),
})

type PayoutInput = z.infer<typeof payoutInput>

/** What is asked for, in minor units. @throws ApiError `invalid_amount` */
export const toRequest = ({ currency, amount, method, reference }: PayoutInput) => ({
  currency,
  method,
  amount: amount === undefined ? undefined : minorUnits(amount, currency, 'amount'),
  reference: method === 'manual' ? reference : undefined,
})

export const failure = z.strictObject({ reason: z.string().trim().min(1).max(200) })
export const settlement = z.strictObject({ reference })

export const payoutSchema = z
  .object({
    id: z.string(),
    merchantId: z.string(),
    recipientId: z.string().nullable(),
    currency: z.string(),
    amount: z.number(),
    method: z.enum(payoutMethods),
    destination: z.string().nullable().openapi({ description: 'The connected account of a transfer.' }),
    reference: z.string().nullable().openapi({ description: 'By which it is found at the bank, or at the provider.' }),
    state: z.enum(payoutStates),
    stateTransitions: z.record(z.string(), z.string()),
    reason: z.string().nullable().openapi({ description: 'Why it failed.' }),
    author: z.string().openapi({ description: 'An API key, an operator, or `schedule`.' }),
    createdTime: z.string(),
  })
  .openapi('Payout')

export const toPayoutJson = (payout: PayoutView): z.infer<typeof payoutSchema> => ({
  id: payout.id,
  merchantId: payout.merchantId,
  recipientId: payout.recipientId,
  currency: payout.currency,
  amount: toMajor(payout.amount, payout.currency),
  method: payout.method,
  destination: payout.destination,
  reference: payout.reference,
  state: payout.state,
  stateTransitions: payout.stateTransitions,
  reason: payout.reason,
  author: payout.author,
  createdTime: iso(payout.createdAt),
})
