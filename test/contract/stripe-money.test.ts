// Risk removed: balances, payouts and disputes in shapes of our own, against which an audit of the books proves nothing.
import type { Stripe } from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nameOf, type Stage, startStage } from '../../sandbox/stage.ts'
import { documentsPresent, loadOracle } from './documents.ts'

const present = documentsPresent('Contract with Stripe about money')

/** The parts of an answer that the tests follow. */
type Body = { object?: string; id: string; type: string; status: string; error?: object; data?: Body[] }

/** The newest evidence has parts of which the document of 2023 does not know. */
const isOfItsTime = (line: string) => !/evidence.*"additionalProperty":"(appeal|enhanced_evidence)"/.test(line)

describe.skipIf(!present)('what the sandbox tells of money fits the document of Stripe', () => {
  let stage: Stage
  let documented: (body: Body) => string[]
  let typed: (name: string, value: unknown) => string[]

  beforeAll(async () => {
    const oracle = await loadOracle()
    const document = oracle.openapi('stripe/spec3.2023-08-16.json')
    documented = (body) => {
      if (body.error) return document.schema('error')(body)
      if (body.object !== 'list') return document.schema(String(body.object))(body).filter(isOfItsTime)
      expect(Object.keys(body).sort()).toEqual(['data', 'has_more', 'object', 'url'])
      return (body.data ?? []).flatMap(documented)
    }
    const validators = new Map<string, (value: unknown) => string[]>()
    typed = (name, value) => {
      const validate = validators.get(name) ?? oracle.stripeTypes(name)
      validators.set(name, validate)
      return validate(value)
    }
    stage = await startStage()
  })
  afterAll(() => stage?.close())

  /** Sends a request as a form, and checks the answer against the document. */
  async function exchange(method: 'GET' | 'POST', path: string, form: Record<string, string> = {}, account?: string) {
    const encoded = new URLSearchParams(form)
    const response = await fetch(
      `${stage.sandbox.url}${path}${method === 'GET' && encoded.size > 0 ? `?${encoded}` : ''}`,
      {
        method,
        headers: {
          authorization: 'Bearer sk_test_stage',
          'content-type': 'application/x-www-form-urlencoded',
          ...(account === undefined ? {} : { 'stripe-account': account }),
        },
        ...(method === 'POST' ? { body: encoded } : {}),
      },
    )
    const body = (await response.json()) as Body
    expect(documented(body), `${method} ${path}`).toEqual([])
    return { status: response.status, body }
  }
  const read = async (path: string, query: Record<string, string> = {}) => (await exchange('GET', path, query)).body
  const control = async (path: string, body: object = {}) =>
    (await stage.call('POST', `/sandbox/stripe/${path}`, body)).json
  const pay = (extra: object = {}) =>
    stage.stripe.paymentIntents.create({
      amount: 10_000,
      currency: 'eur',
      allowed_payment_method_types: ['card'],
      capture_method: 'automatic',
      payment_method: 'pm_card_de',
      confirm: true,
      ...extra,
    })

  test('balance transactions of every kind, the balance, and what they stand for', async () => {
    await control('balance', { currency: 'eur', amount: 50_000 })
    await control('fees', { currency: 'eur', amount: 200 })
    await control('settings', { settlementCurrency: 'eur', exchangeRates: { usd: 0.91 } })
    await pay({ currency: 'usd' })
    const intent = await pay()
    const transfer = await stage.stripe.transfers.create({ amount: 5_000, currency: 'eur', destination: 'acct_1' })
    await exchange('POST', `/v1/transfers/${transfer.id}/reversals`, { amount: '1000' })
    const { body: refund } = await exchange('POST', '/v1/refunds', { payment_intent: intent.id, amount: '700' })
    await control(`refunds/${refund.id}/fail`)
    const dispute = await control('disputes', { payment_intent: intent.id })
    await control(`disputes/${dispute.id}/close`, { status: 'won' })
    const payout = (await exchange('POST', '/v1/payouts', { amount: '100', currency: 'eur' })).body
    await control(`payouts/${payout.id}/fail`)
    const canceled = (await exchange('POST', '/v1/payouts', { amount: '100', currency: 'eur' })).body
    await exchange('POST', `/v1/payouts/${canceled.id}/cancel`)

    const list = await read('/v1/balance_transactions', { limit: '100' })
    const all = list.data ?? []
    const seen = new Set(all.map(({ type }) => type))
    expect([...seen].sort()).toEqual([
      'adjustment',
      'charge',
      'payout',
      'payout_cancel',
      'payout_failure',
      'refund',
      'refund_failure',
      'stripe_fee',
      'topup',
      'transfer',
      'transfer_refund',
    ])
    for (const transaction of all) {
      expect(typed('BalanceTransaction', transaction), transaction.type).toEqual([])
      await read(`/v1/balance_transactions/${transaction.id}`, { 'expand[]': 'source' })
    }
    await read('/v1/balance')
    await exchange('GET', '/v1/balance', {}, 'acct_1')
    await exchange('GET', '/v1/balance_transactions', {}, 'acct_1')
  })

  test('payouts by hand and by schedule, their list, and what is refused', async () => {
    await pay()
    const [automatic] = (await control('payouts')).payouts
    await control(`payouts/${automatic.id}/pay`)
    expect((await read(`/v1/payouts/${automatic.id}`)).status).toBe('paid')
    await read('/v1/balance_transactions', { payout: automatic.id })
    await read('/v1/payouts', { status: 'paid' })
    expect((await exchange('POST', '/v1/payouts', { amount: '99999999', currency: 'eur' })).status).toBe(400)
    expect((await exchange('GET', '/v1/payouts/po_none')).status).toBe(404)
  })

  test('disputes with evidence, and the file in it', async () => {
    const form = new FormData()
    form.append('purpose', 'dispute_evidence')
    form.append('file', new Blob(['%PDF-1.7']), 'receipt.pdf')
    const headers = { authorization: 'Bearer sk_test_stage' }
    const uploaded = await fetch(`${stage.sandbox.url}/v1/files`, { method: 'POST', headers, body: form })
    const file = (await uploaded.json()) as Body
    expect(documented(file)).toEqual([])
    await read(`/v1/files/${file.id}`)
    await read('/v1/files')

    const { id: intent } = await pay()
    const dispute = await control('disputes', { payment_intent: intent, inquiry: true })
    await control(`disputes/${dispute.id}/escalate`)
    const params: Stripe.DisputeUpdateParams = { evidence: { receipt: file.id }, submit: true }
    expect(typed('DisputeUpdateParams', params)).toEqual([])
    const { body } = await exchange('POST', `/v1/disputes/${dispute.id}`, {
      'evidence[receipt]': file.id,
      submit: 'true',
    })
    expect(typed('Dispute', body)).toEqual([])
    await read('/v1/disputes', { payment_intent: intent })
    expect(typed('Dispute', await read(`/v1/disputes/${dispute.id}`))).toEqual([])
    expect((await exchange('POST', `/v1/disputes/${dispute.id}/close`)).body.status).toBe('lost')
    expect((await exchange('POST', `/v1/disputes/${dispute.id}/close`)).status).toBe(400)
  })

  test('every event that the tests above caused is of a known type', async () => {
    await stage.quiet()
    const seen = new Set(stage.received.map(nameOf))
    for (const type of [
      'payout.created',
      'payout.paid',
      'payout.failed',
      'payout.canceled',
      'payout.updated',
      'payout.reconciliation_completed',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.funds_reinstated',
      'charge.dispute.updated',
      'transfer.reversed',
      'refund.failed',
    ])
      expect(seen).toContain(type)
    for (const type of seen) expect(typed('EventType', type), type).toEqual([])
  })
})
