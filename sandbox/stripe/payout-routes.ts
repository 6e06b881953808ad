import type { Route } from '../http.ts'
import { invalidParameter, missing } from './errors.ts'
import { listOf } from './lists.ts'
import { choice, currencyOf, integer, mergedMetadata, onlyKnown, requiredText, text } from './params.ts'
import { cancelPayout, createPayout } from './payouts.ts'
import { type Endpoint, ownerOf, type StripeCall } from './pipeline.ts'
import type { Payout, StripeState } from './state.ts'
import { platform } from './unpaid-transactions.ts'

const createParams = new Set([
  'amount',
  'currency',
  'description',
  'destination',
  'expand',
  'metadata',
  'method',
  'payout_method',
  'source_type',
  'statement_descriptor',
])
const statuses = ['pending', 'in_transit', 'paid', 'failed', 'canceled'] as const

/** `POST /v1/payouts`, or the same in the dashboard: a payout that nobody's schedule makes. */
export function payOutByHand(state: StripeState, call: StripeCall): Payout {
  const { params } = call
  onlyKnown(params, createParams)
  const currency = currencyOf(params)
  requiredText(params, 'amount')
  const amount = integer(params, 'amount') ?? 0
  if (amount < 1) throw invalidParameter('Invalid positive integer', 'amount', 'parameter_invalid_integer')
  return createPayout(state, call, {
    amount,
    currency,
    automatic: false,
    description: text(params, 'description') ?? null,
    statementDescriptor: text(params, 'statement_descriptor') ?? null,
    metadata: mergedMetadata({}, params),
    method: choice(params, 'method', ['standard', 'instant']) ?? 'standard',
    destination: text(params, 'destination') ?? null,
  })
}

/** The payout of the caller's own account with that id, or Stripe's refusal. */
export function payoutOf(state: StripeState, call: StripeCall): Payout {
  const payout = state.payouts.get(call.id)
  if (!payout || (state.payoutOwners.look(call.id) ?? platform) !== ownerOf(call)) throw missing('payout', call.id)
  return payout
}

export function payoutRoutes(state: StripeState, endpoint: Endpoint): Route[] {
  return [
    endpoint('POST', 'payouts', 'payouts.create', (call) => payOutByHand(state, call)),
    endpoint('GET', 'payouts/:id', 'payouts.retrieve', (call) => payoutOf(state, call)),
    endpoint('POST', 'payouts/:id', 'payouts.update', (call) => {
      const payout = payoutOf(state, call)
      const previous = { metadata: payout.metadata }
      onlyKnown(call.params, new Set(['expand', 'metadata']))
      payout.metadata = mergedMetadata(payout.metadata ?? {}, call.params)
      state.emit(call, 'payout.updated', payout, previous)
      return payout
    }),
    endpoint('POST', 'payouts/:id/cancel', 'payouts.cancel', (call) =>
      cancelPayout(state, call, payoutOf(state, call)),
    ),
    endpoint('GET', 'payouts', 'payouts.list', (call) => {
      const status = choice(call.params, 'status', statuses)
      const destination = text(call.params, 'destination')
      const wanted = (payout: Readonly<Payout>) =>
        (status === undefined || payout.status === status) &&
        (destination === undefined || payout.destination === destination)
      return listOf(state.payoutsByOwner.rows(state.payouts, ownerOf(call)), call.params, '/v1/payouts', wanted)
    }),
  ]
}
