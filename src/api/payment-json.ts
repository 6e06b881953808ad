import { z } from '@hono/zod-openapi'
import type { PaymentSession } from '../charges/payment-session.ts'
import { iso } from '../database/database.ts'
import type { ChargeEntryView, OrderView } from '../order-view/read-order.ts'
import { partySchema } from '../parties/address.ts'
import { toMajor } from '../platform/money.ts'
import { chargeStates } from '../providers/charge-states.ts'
import type { NextAction } from '../providers/observations.ts'
import { sourceStates } from '../sources/source.state-machine.ts'
import type { SourceRow } from '../sources/source-row.ts'

const amount = z.number()
const time = z.iso.datetime()

const entrySchema = z.object({
  id: z.string(),
  createdTime: time,
  updatedTime: time,
  amount,
  state: z.string(),
  fulfillmentId: z.string().optional(),
  refundId: z.string().optional(),
  claimUrl: z
    .string()
    .optional()
    .openapi({ description: 'Where the buyer fetches it. Whoever has the address has the money.' }),
  failureMessage: z.string().optional(),
  failureCode: z.string().optional(),
})

export const chargeSchema = z
  .object({
    id: z.string(),
    orderId: z.string(),
    createdTime: time,
    currency: z.string(),
    amount,
    state: z.enum(chargeStates),
    type: z.string(),
    captured: z.boolean(),
    refunded: z.boolean(),
    sourceId: z.string().nullable(),
    paymentSessionId: z.string(),
    provider: z.string(),
    providerReference: z.string().nullable(),
    capturedAmount: amount,
    cancelledAmount: amount,
    refundedAmount: amount,
    captures: z.array(entrySchema),
    cancels: z.array(entrySchema),
    refunds: z.array(entrySchema),
    failureMessage: z.string().optional(),
    failureCode: z.string().optional(),
    liveMode: z.boolean(),
  })
  .openapi('Charge')

/** A charge as the merchant's server sees it; what a browser may see of it is decided with its order. */
export function toChargeJson(
  charge: OrderView['charges'][number],
  order: Pick<OrderView, 'id' | 'checkoutId' | 'liveMode'>,
): z.infer<typeof chargeSchema> {
  const major = (minor: number) => toMajor(minor, charge.currency)
  const entries = (kind: ChargeEntryView['kind']) =>
    charge.entries
      .filter((entry) => entry.kind === kind)
      .map((entry) => ({
        id: entry.id,
        createdTime: iso(entry.createdAt),
        updatedTime: iso(entry.updatedAt),
        amount: major(entry.amount),
        state: entry.state,
        ...(entry.fulfillmentId ? { fulfillmentId: entry.fulfillmentId } : {}),
        ...(entry.refundId ? { refundId: entry.refundId } : {}),
        ...(entry.claimUrl ? { claimUrl: entry.claimUrl } : {}),
        ...(entry.failureMessage ? { failureMessage: entry.failureMessage } : {}),
        ...(entry.failureCode ? { failureCode: entry.failureCode } : {}),
      }))
  return {
    id: charge.id,
    orderId: order.id,
    createdTime: iso(charge.createdAt),
    currency: charge.currency,
    amount: major(charge.amount),
    state: charge.state,
    type: charge.type,
    captured: charge.capturedAmount > 0,
    refunded: charge.refundedAmount > 0,
    sourceId: charge.sourceId,
    paymentSessionId: order.checkoutId,
    provider: charge.provider,
    providerReference: charge.providerReference,
    capturedAmount: major(charge.capturedAmount),
    cancelledAmount: major(charge.cancelledAmount),
    refundedAmount: major(charge.refundedAmount),
    captures: entries('capture'),
    cancels: entries('cancel'),
    refunds: entries('refund'),
    ...(charge.failureMessage ? { failureMessage: charge.failureMessage } : {}),
    ...(charge.failureCode ? { failureCode: charge.failureCode } : {}),
    liveMode: order.liveMode,
  }
}

/** Whom a means of payment belongs to. */
export const ownerSchema = z.object({
  firstName: z.string().trim().max(200).optional(),
  lastName: z.string().trim().max(200).optional(),
  email: z.email().max(254).optional(),
  organization: z.string().trim().max(200).optional(),
  address: partySchema.shape.address,
})

export const sourceSchema = z
  .looseObject({
    id: z.string(),
    createdTime: time,
    type: z.string(),
    flow: z.enum(['standard', 'redirect', 'receiver']),
    state: z.enum(sourceStates),
    reusable: z.boolean(),
    owner: z.looseObject({}).optional(),
    customerId: z.string().optional(),
    upstreamId: z.string().optional(),
    clientSecret: z.string().optional(),
    liveMode: z.boolean(),
  })
  .openapi('Source')

/**
 * A source as callers see it; what is special to its type stands under the type's name. A receiver source shows where its money is
 * to be sent once the provider has said so.
 */
export function toSourceJson(
  source: SourceRow,
  charge?: { amount: number; nextAction: NextAction | null },
): z.infer<typeof sourceSchema> {
  const special = { ...source.details, ...receiverDetails(charge?.nextAction) }
  const total = charge?.amount ?? source.amount
  return {
    id: source.id,
    createdTime: iso(source.createdAt),
    type: source.type,
    flow: source.flow,
    state: source.state,
    reusable: source.reusable,
    ...(source.currency ? { currency: source.currency } : {}),
    ...(source.currency && total !== null ? { amount: toMajor(total, source.currency) } : {}),
    ...(source.owner ? { owner: { address: { country: '' }, ...source.owner } } : {}),
    ...(source.customerId ? { customerId: source.customerId } : {}),
    ...(source.upstreamId ? { upstreamId: source.upstreamId } : {}),
    ...(source.checkoutId ? { paymentSessionId: source.checkoutId } : {}),
    ...(source.clientSecret && source.state === 'requires_action' ? { clientSecret: source.clientSecret } : {}),
    [source.type]: special,
    liveMode: source.liveMode,
  }
}

function receiverDetails(action: NextAction | null | undefined): Record<string, unknown> {
  if (action?.action !== 'show_payment_instructions') return {}
  const { wireTransfer, konbini } = action
  if (wireTransfer) {
    const { accountHolder, bankName, country, referenceId, accountNumber, iban, swiftCode, routingNumber } =
      wireTransfer
    return present({
      accountHolder,
      bankName,
      country,
      referenceId,
      accountNumber,
      iban,
      swiftCode,
      additionalBankInformation: routingNumber,
    })
  }
  if (!konbini) return {}
  const [first] = konbini.stores
  return present({
    storeId: first?.store,
    storeName: first?.store,
    receiptNumber: first?.paymentCode,
    printableInvoiceUrl: konbini.voucherUrl,
    stores: konbini.stores,
  })
}

const present = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

export const sessionSchema = z.looseObject({
  id: z.string(),
  state: z.string(),
  amountContributed: amount,
  amountRemainingToBeContributed: amount,
  nextAction: z.looseObject({ action: z.string() }).optional(),
})

/** The payment session of a checkout or order: what is paid, what is missing, and what the buyer has to do. */
export function toSessionJson(session: PaymentSession, currency: string, source?: Pick<SourceRow, 'id'>) {
  const { nextAction } = session
  return {
    id: session.id,
    state: session.state,
    amountContributed: toMajor(session.amountContributed, currency),
    amountRemainingToBeContributed: toMajor(session.amountRemaining, currency),
    ...(session.clientSecret ? { clientSecret: session.clientSecret } : {}),
    ...(nextAction ? { nextAction: toNextActionJson(nextAction, session, currency, source) } : {}),
  }
}

function toNextActionJson(
  action: NextAction,
  { clientSecret }: PaymentSession,
  currency: string,
  source: Pick<SourceRow, 'id'> | undefined,
) {
  if (action.action === 'redirect') return { action: action.action, data: { redirectUrl: action.redirectUrl } }
  const { amountRemaining, action: name, ...instructions } = action
  return {
    action: name,
    data: {
      ...(source ? { sourceId: source.id } : {}),
      ...(clientSecret ? { sourceClientSecret: clientSecret } : {}),
      ...(amountRemaining === undefined ? {} : { amountRemaining: toMajor(amountRemaining, currency) }),
      ...instructions,
    },
  }
}
