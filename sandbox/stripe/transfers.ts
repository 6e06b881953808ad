import type { Route } from '../http.ts'
import { unixNow } from '../world.ts'
import { balanceOf } from './balances.ts'
import { availableOn, chargeById, isMulticapture } from './charges.ts'
import { insufficient, invalidParameter, invalidState, missing } from './errors.ts'
import { exchanged, settlementCurrency } from './exchange.ts'
import { listOf } from './lists.ts'
import { currencyOf, integer, mergedMetadata, onlyKnown, requiredText, text } from './params.ts'
import type { Endpoint, StripeCall } from './pipeline.ts'
import { type Charge, orderOf, type StripeState, type Transfer, type TransferReversal } from './state.ts'
import { recordTransaction } from './transactions.ts'
import { platform } from './unpaid-transactions.ts'

const transferParams = new Set([
  'amount',
  'currency',
  'description',
  'destination',
  'expand',
  'metadata',
  'source_transaction',
  'source_type',
  'transfer_group',
])

/** The amount is bound by the charge it comes from; without one, by the platform's balance. */
function guard(state: StripeState, source: Charge | undefined, amount: number, currency: string): void {
  if (!source) {
    if (amount > balanceOf(state, platform, currency).available) throw insufficient('transfer')
    return
  }
  if (source.status !== 'succeeded' || source.amount_captured === 0) {
    throw invalidState(
      `The charge ${source.id} cannot be used as a source_transaction because it has not been captured.`,
      { param: 'source_transaction' },
    )
  }
  const settledIn = settlementCurrency(state, source.currency)
  if (settledIn !== currency) {
    const message = `The currency of source_transaction's balance transaction (${settledIn}) must be the same as the transfer currency (${currency})`
    throw invalidParameter(message, 'currency')
  }
  if (isMulticapture(source)) {
    const message = `The charge ${source.id} was made with multicapture, which cannot be combined with source_transaction.`
    throw invalidParameter(message, 'source_transaction')
  }
  const already = state.transfersBySource
    .of(source.id)
    .reduce((sum, id) => sum + (state.transfers.look(id)?.amount ?? 0), 0)
  const most =
    state.transactions.look(source.balance_transaction ?? '')?.amount ??
    exchanged(state, source.amount_captured, source.currency).amount
  if (already + amount <= most) return
  const message = `Transfers using this transaction as a source must not exceed the source amount of ${most}. (There are already transfers using this source, amounting to ${already}.)`
  throw invalidState(message, { param: 'amount' })
}

function create(state: StripeState, call: StripeCall): Transfer {
  onlyKnown(call.params, transferParams)
  const currency = currencyOf(call.params)
  requiredText(call.params, 'amount')
  const amount = integer(call.params, 'amount') ?? 0
  if (amount < 1) throw invalidParameter('Invalid positive integer', 'amount', 'parameter_invalid_integer')
  const destination = requiredText(call.params, 'destination')
  if (!destination.startsWith('acct_')) throw missing('destination', destination, 'destination')
  const sourceId = text(call.params, 'source_transaction')
  const source = sourceId === undefined ? undefined : chargeById(state, sourceId, 'source_transaction')
  guard(state, source, amount, currency)
  const id = state.world.mintId('tr')
  const destinationPayment = state.world.mintId('py')
  // Money of a charge reaches the other account no earlier than this one.
  const when = { currency, availableOn: source ? availableOn(state, source) : unixNow() }
  const leaves = recordTransaction(state, { ...when, type: 'transfer', amount: -amount, source: id })
  recordTransaction(state, { ...when, type: 'payment', amount, source: destinationPayment, owner: destination })
  const transfer: Transfer = {
    id,
    object: 'transfer',
    amount,
    amount_reversed: 0,
    balance_transaction: leaves.id,
    created: unixNow(),
    currency,
    description: text(call.params, 'description') ?? null,
    destination,
    destination_payment: destinationPayment,
    livemode: false,
    metadata: mergedMetadata({}, call.params),
    reversals: { object: 'list', data: [], has_more: false, url: `/v1/transfers/${id}/reversals` },
    reversed: false,
    source_transaction: source?.id ?? null,
    source_type: 'card',
    transfer_group: text(call.params, 'transfer_group') ?? source?.transfer_group ?? null,
  }
  state.transfers.set(id, transfer)
  if (source) state.transfersBySource.append(source.id, id)
  if (transfer.transfer_group) state.transfersByGroup.append(transfer.transfer_group, id)
  const orderId = orderOf(transfer.metadata, transfer.transfer_group) ?? (source ? orderOf(source.metadata) : null)
  state.record(call, 'transfers', id, orderId)
  state.emit(call, 'transfer.created', transfer)
  return transfer
}

/** A connected account gives back what it has, pending or not, and owes nothing unless the settings allow it. */
function requireCover(state: StripeState, account: string, amount: number, currency: string): void {
  const { available, pending } = balanceOf(state, account, currency)
  if (amount <= available + pending || state.settings.current.accountsMayOwe) return
  const message = `The account ${account} has insufficient funds to reverse this transfer: its balance is ${available + pending} ${currency}.`
  throw invalidState(message, { code: 'balance_insufficient' })
}

/** `POST /v1/transfers/{id}/reversals`, or the same in the dashboard. */
export function reverseTransfer(state: StripeState, call: StripeCall, transfer: Transfer): TransferReversal {
  onlyKnown(call.params, new Set(['amount', 'description', 'expand', 'metadata', 'refund_application_fee']))
  const left = transfer.amount - transfer.amount_reversed
  const amount = integer(call.params, 'amount') ?? left
  if (left === 0) throw invalidState(`Transfer ${transfer.id} is already fully reversed.`)
  if (amount < 1) throw invalidParameter('Invalid positive integer', 'amount', 'parameter_invalid_integer')
  if (amount > left) {
    throw invalidParameter(
      `Reversal amount (${amount}) is greater than unreversed amount on transfer (${left})`,
      'amount',
    )
  }
  const id = state.world.mintId('trr')
  const { currency, destination } = transfer
  requireCover(state, destination, amount, currency)
  const paymentRefund = state.world.mintId('pyr')
  recordTransaction(state, {
    type: 'payment_refund',
    amount: -amount,
    currency,
    source: paymentRefund,
    owner: destination,
  })
  const reversal: TransferReversal = {
    id,
    object: 'transfer_reversal',
    amount,
    balance_transaction: recordTransaction(state, { type: 'transfer_refund', amount, currency, source: id }).id,
    created: unixNow(),
    currency,
    destination_payment_refund: paymentRefund,
    metadata: mergedMetadata({}, call.params),
    source_refund: null,
    transfer: transfer.id,
  }
  state.reversals.set(id, reversal)
  state.reversalsByTransfer.append(transfer.id, id)
  transfer.amount_reversed += amount
  transfer.reversed = transfer.amount_reversed === transfer.amount
  transfer.reversals = { ...transfer.reversals, data: [reversal, ...transfer.reversals.data].slice(0, 10) }
  const orderId = orderOf(reversal.metadata ?? {}) ?? orderOf(transfer.metadata, transfer.transfer_group)
  state.record(call, 'transferReversals', id, orderId)
  state.emit(call, 'transfer.reversed', transfer)
  return reversal
}

/** Gives connected accounts what an earlier sandbox, which kept no balances of theirs, had transferred to them. */
export function creditEarlierTransfers(state: StripeState): void {
  if (state.accountBalances.size > 0) return
  for (const { amount, amount_reversed, currency, destination, destination_payment } of state.transfers.oldestFirst()) {
    const source = typeof destination_payment === 'string' ? destination_payment : null
    const left = amount - amount_reversed
    if (left > 0) recordTransaction(state, { type: 'payment', amount: left, currency, source, owner: destination })
  }
}

export function transferRoutes(state: StripeState, endpoint: Endpoint): Route[] {
  const transferById = (id: string) => {
    const transfer = state.transfers.get(id)
    if (!transfer) throw missing('transfer', id)
    return transfer
  }
  return [
    endpoint('POST', 'transfers', 'transfers.create', (call) => create(state, call)),
    endpoint('GET', 'transfers/:id', 'transfers.retrieve', ({ id }) => transferById(id)),
    endpoint('POST', 'transfers/:id', 'transfers.update', (call) => {
      const transfer = transferById(call.id)
      const previous = { metadata: transfer.metadata, description: transfer.description }
      transfer.metadata = mergedMetadata(transfer.metadata, call.params)
      if (call.params.description !== undefined) transfer.description = text(call.params, 'description') ?? null
      state.emit(call, 'transfer.updated', transfer, previous)
      return transfer
    }),
    endpoint('GET', 'transfers', 'transfers.list', ({ params }) => {
      const group = text(params, 'transfer_group')
      const destination = text(params, 'destination')
      const transfers = group === undefined ? state.transfers : state.transfersByGroup.rows(state.transfers, group)
      const toThere = (transfer: Readonly<Transfer>) =>
        destination === undefined || transfer.destination === destination
      return listOf(transfers, params, '/v1/transfers', toThere)
    }),
    endpoint('POST', 'transfers/:id/reversals', 'transfer_reversals.create', (call) =>
      reverseTransfer(state, call, transferById(call.id)),
    ),
    endpoint('GET', 'transfers/:id/reversals', 'transfer_reversals.list', ({ id, params }) => {
      const reversals = state.reversalsByTransfer.rows(state.reversals, transferById(id).id)
      return listOf(reversals, params, `/v1/transfers/${id}/reversals`)
    }),
    endpoint('GET', 'transfers/:id/reversals/:reversal', 'transfer_reversals.retrieve', ({ path }) => {
      const reversal = state.reversals.get(path.reversal ?? '')
      if (!reversal || reversal.transfer !== path.id) throw missing('transfer_reversal', path.reversal ?? '')
      return reversal
    }),
  ]
}
