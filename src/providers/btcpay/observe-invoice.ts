import { exponentOf, isCurrency, toMinor } from '../../platform/money.ts'
import { expiredCode } from '../charge-states.ts'
import type { ChargeObservation } from '../observations.ts'
import type { Invoice, Paid } from './btcpay-schemas.ts'

/** What of an invoice has arrived for good, and what is seen but not confirmed. In minor units of the invoice's currency. */
type Arrived = { settled: number; unconfirmed: number }

/**
 * What an invoice and its payments say of a charge. Several payments add up. Only confirmed ones are money; while others are on their way
 * nobody can call them back, so that the charge stays open.
 */
export function observeInvoice(invoice: Invoice, paid: Paid): ChargeObservation {
  const currency = invoice.currency.toUpperCase()
  const total = isCurrency(currency) ? toMinor(Number(invoice.amount), currency) : undefined
  // Nothing that can be counted: its currency is not that of any charge.
  if (total === undefined) return { kind: 'charge', state: 'pending', currency, awaitingBuyer: false }
  const arrived = {
    settled: sumOf(paid, 'Settled', currency),
    unconfirmed: sumOf(paid, 'Processing', currency),
  }
  return { kind: 'charge', currency, ...standing(invoice, total, arrived), ...detailOf(paid) }
}

type Standing = Omit<ChargeObservation, 'kind' | 'currency' | 'detail'>

function standing(invoice: Invoice, total: number, arrived: Arrived): Standing {
  const { settled, unconfirmed } = arrived
  switch (invoice.status) {
    case 'New':
      return waiting(settled + unconfirmed, false)
    case 'Processing':
      return waiting(settled + unconfirmed, true)
    case 'Settled':
      return whole(invoice, total, arrived)
    case 'Expired':
      if (unconfirmed > 0) return waiting(settled + unconfirmed, true)
      if (settled === 0) return { state: 'failed', awaitingBuyer: false, failureCode: expiredCode }
      if (settled >= total || invoice.additionalStatus === 'PaidLate') return whole(invoice, total, arrived)
      return { state: 'complete', awaitingBuyer: false, capturedAmount: settled }
    case 'Invalid':
      return invalid(invoice, total, settled)
  }
}

const waiting = (funded: number, underWay: boolean): Standing => ({
  state: 'pending',
  awaitingBuyer: funded > 0 || underWay,
  ...(funded > 0 ? { fundedAmount: funded } : {}),
  ...(underWay ? { underWay } : {}),
})

/** It counts as paid: more may have come, or less where that is tolerated or somebody marked it. */
function whole({ additionalStatus }: Invoice, total: number, { settled, unconfirmed }: Arrived): Standing {
  // Of one that is paid exactly the server has rounded coins, and not we.
  const over = additionalStatus === 'PaidOver' || additionalStatus === 'PaidLate' ? settled - total : 0
  const short = total - settled - unconfirmed
  return {
    state: 'complete',
    awaitingBuyer: false,
    capturedAmount: total,
    ...(over > 0 ? { surplusAmount: over } : {}),
    ...(short > 0 ? { shortfallAmount: short } : {}),
  }
}

/**
 * Given up: by us, by a person, or because its payments did not stand. What has come all the same is not taken for anything. Without any,
 * money that was told of before has gone.
 */
function invalid({ id, additionalStatus }: Invoice, total: number, settled: number): Standing {
  if (settled > 0) {
    const capturedAmount = Math.min(settled, total)
    const more = settled - capturedAmount
    return {
      state: 'complete',
      awaitingBuyer: false,
      over: true,
      capturedAmount,
      ...(more > 0 ? { surplusAmount: more } : {}),
    }
  }
  const reason = additionalStatus === 'Marked' ? 'marked_invalid' : 'chain_reorganised'
  return {
    state: 'cancelled',
    awaitingBuyer: false,
    failureCode: 'invalid',
    disputes: [{ kind: 'dispute', reference: id, state: 'lost', reason }],
  }
}

/** What the buyer sent, without what a way of paying costs on top. */
function sumOf(paid: Paid, status: Paid[number]['payments'][number]['status'], currency: string): number {
  const decimals = 10 ** exponentOf(currency)
  const sum = paid.reduce(
    (all, { rate, payments }) =>
      payments
        .filter((payment) => payment.status === status)
        .reduce((coins, { value, fee }) => coins + (Number(value) - Number(fee ?? 0)) * Number(rate), all),
    0,
  )
  return Math.max(0, Math.round(sum * decimals))
}

/** The coins that came, and their price. */
function detailOf(paid: Paid): Pick<ChargeObservation, 'detail'> {
  const used = paid.filter(({ payments }) => payments.some(({ status }) => status !== 'Invalid'))
  if (used.length === 0) return {}
  const coins = used.map(({ currency, payments }) => {
    const sum = payments.filter(({ status }) => status !== 'Invalid').reduce((all, { value }) => all + Number(value), 0)
    return `${sum.toFixed(8)} ${currency ?? ''}`.trim()
  })
  return { detail: { paid: coins.join(' + '), rate: used.map(({ rate }) => rate).join(', ') } }
}
