// Risk removed: books that agree with a sandbox in which money appears from nowhere, arrives at once and costs nothing.
import type { Stripe } from 'stripe'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { seededRandom } from '../ids.ts'
import { type Stage, startStage } from '../stage.ts'

let stage: Stage

beforeAll(async () => {
  stage = await startStage()
})
afterAll(() => stage.close())
afterEach(() => stage.call('POST', '/sandbox/reset'))

const control = async (path: string, body: object = {}) => {
  const answer = await stage.call('POST', `/sandbox/stripe/${path}`, body)
  expect(answer.status, answer.text).toBeLessThan(300)
  return answer.json
}
const refused = (path: string, body: object = {}) => stage.call('POST', `/sandbox/stripe/${path}`, body)
const settings = (wishes: object) => control('settings', wishes)

const pay = (payment_method = 'pm_card_visa', extra: object = {}) =>
  stage.stripe.paymentIntents.create({
    amount: 10_000,
    currency: 'eur',
    allowed_payment_method_types: ['card'],
    capture_method: 'automatic',
    payment_method,
    confirm: true,
    ...extra,
  })
const feeOf = async (intent: Stripe.PaymentIntent) => {
  const charge = await stage.stripe.charges.retrieve(String(intent.latest_charge), { expand: ['balance_transaction'] })
  return charge.balance_transaction as Stripe.BalanceTransaction
}
const everyTransaction = async (params: Stripe.BalanceTransactionListParams = {}, stripeAccount?: string) => {
  const found: Stripe.BalanceTransaction[] = []
  const options = stripeAccount === undefined ? {} : { stripeAccount }
  for await (const transaction of stage.stripe.balanceTransactions.list({ limit: 7, ...params }, options))
    found.push(transaction)
  return found
}
const inCurrency = async (currency: string, stripeAccount?: string) => {
  const balance = await stage.stripe.balance.retrieve({}, stripeAccount === undefined ? {} : { stripeAccount })
  const amount = (parts: { currency: string; amount: number }[]) =>
    parts.find((part) => part.currency === currency)?.amount ?? 0
  return { available: amount(balance.available), pending: amount(balance.pending) }
}
const sum = (transactions: readonly { net: number }[]) => transactions.reduce((total, { net }) => total + net, 0)

describe('what Stripe keeps of a charge', () => {
  test.each([
    ['pm_card_de', 'DE', 175],
    ['pm_card_gb', 'GB', 275],
    ['pm_card_us', 'US', 350],
    ['pm_card_br', 'BR', 350],
  ])('depends on the country of the card: %s', async (card, country, fee) => {
    const intent = await pay(card, { expand: ['latest_charge'] })
    const charge = intent.latest_charge as Stripe.Charge
    expect(charge.payment_method_details?.card?.country).toBe(country)
    expect(await feeOf({ ...intent, latest_charge: charge.id })).toMatchObject({
      type: 'charge',
      reporting_category: 'charge',
      amount: 10_000,
      fee,
      net: 10_000 - fee,
      fee_details: [{ amount: fee, currency: 'eur', type: 'stripe_fee' }],
    })
  })

  test('is the same by the number of the card, which only its last digits tell from a card that declines', async () => {
    const number = '4000005280000002'
    const method = await stage.stripe.paymentMethods.create({
      type: 'card',
      card: { number, exp_month: 1, exp_year: 34 },
    })
    expect(method.card).toMatchObject({ country: 'NL', last4: '0002' })
    expect((await feeOf(await pay(method.id))).fee).toBe(175)
  })

  test('is rounded half up, has a flat part of its own currency, and follows the settings', async () => {
    // 1.5 % of 1,234 is 18.51; of 1,100 it is 16.5.
    expect((await feeOf(await pay('pm_card_de', { amount: 1_234, currency: 'usd' }))).fee).toBe(19 + 30)
    expect((await feeOf(await pay('pm_card_de', { amount: 1_100, currency: 'gbp' }))).fee).toBe(17 + 20)
    await settings({ feeBps: { eea: 100 }, flatFees: { eur: 10 } })
    expect((await feeOf(await pay('pm_card_de'))).fee).toBe(110)
    expect((await feeOf(await pay('pm_card_us'))).fee).toBe(335)
    expect((await refused('settings', { feeBps: { eea: -1 } })).status).toBe(400)
    expect((await refused('settings', { gifts: 1 })).status).toBe(400)
  })

  test('stays with Stripe when the money is given back, and when that fails', async () => {
    const intent = await pay('pm_card_de')
    const refund = await stage.stripe.refunds.create({ payment_intent: intent.id, expand: ['balance_transaction'] })
    expect(refund.balance_transaction).toMatchObject({ type: 'refund', amount: -10_000, fee: 0, fee_details: [] })
    expect(await inCurrency('eur')).toEqual({ available: -175, pending: 0 })
    await control(`refunds/${refund.id}/fail`)
    const failed = await stage.stripe.refunds.retrieve(refund.id, { expand: ['failure_balance_transaction'] })
    expect(failed.failure_balance_transaction).toMatchObject({
      type: 'refund_failure',
      reporting_category: 'refund_failure',
      net: 10_000,
    })
    expect(await inCurrency('eur')).toEqual({ available: 9_825, pending: 0 })
  })

  test('may be followed by fees that belong to no charge', async () => {
    await control('fees', { amount: 200, currency: 'eur', description: 'Active accounts' })
    const [fee] = await everyTransaction({ type: 'stripe_fee' })
    expect(fee).toMatchObject({ amount: -200, net: -200, reporting_category: 'fee', source: null })
  })
})

describe('one transaction for every movement', () => {
  test('each capture of a payment that is captured in parts has its own', async () => {
    const intent = await pay('pm_card_de', {
      capture_method: 'manual',
      payment_method_options: { card: { request_multicapture: 'if_available' } },
    })
    await stage.stripe.paymentIntents.capture(intent.id, { amount_to_capture: 4_000, final_capture: false })
    await stage.stripe.paymentIntents.capture(intent.id, { amount_to_capture: 2_000 })
    const found = await everyTransaction({ source: String(intent.latest_charge) })
    expect(found.map(({ type, amount, fee }) => [type, amount, fee])).toEqual([
      ['charge', 2_000, 55],
      ['charge', 4_000, 85],
    ])
  })

  test('a capture of a part is one charge of it, or a whole one and a reversal', async () => {
    const captured = async () => {
      const intent = await pay('pm_card_de', { capture_method: 'manual' })
      await stage.stripe.paymentIntents.capture(intent.id, { amount_to_capture: 6_000 })
      const found = await everyTransaction({ source: String(intent.latest_charge) })
      return found.map(({ reporting_category, amount, fee }) => [reporting_category, amount, fee])
    }
    expect(await captured()).toEqual([['charge', 6_000, 115]])
    await settings({ partialCaptureReversals: true })
    expect(await captured()).toEqual([
      ['partial_capture_reversal', -4_000, 0],
      ['charge', 10_000, 115],
    ])
  })

  test('what comes by other means than a card is called a payment', async () => {
    const intent = await stage.stripe.paymentIntents.create({
      amount: 10_000,
      currency: 'eur',
      allowed_payment_method_types: ['bancontact'],
      capture_method: 'automatic',
      payment_method_data: { type: 'bancontact', billing_details: { name: 'A Buyer' } },
      confirm: true,
      return_url: 'https://shop.example',
    })
    await control(`payment_intents/${intent.id}/buyer`, { action: 'complete' })
    const refund = await stage.stripe.refunds.create({ payment_intent: intent.id, amount: 1_000 })
    const types = (await everyTransaction()).map(({ type, reporting_category, source }) => [
      type,
      reporting_category,
      source === refund.id ? 're' : String(source).slice(0, 2),
    ])
    expect(types).toEqual([
      ['payment_refund', 'refund', 're'],
      ['payment', 'charge', 'py'],
    ])
  })

  test('the list takes every filter, pages both ways and expands the source', async () => {
    const intent = await pay()
    await pay('pm_card_de', { currency: 'usd' })
    await stage.stripe.refunds.create({ payment_intent: intent.id, amount: 1 })
    const list = (params: Stripe.BalanceTransactionListParams) => stage.stripe.balanceTransactions.list(params)
    const [newest, middle, oldest] = (await list({ expand: ['data.source'] })).data
    expect([newest?.source, oldest?.source]).toMatchObject([
      { object: 'refund' },
      { object: 'charge', id: intent.latest_charge },
    ])
    const ids = async (params: Stripe.BalanceTransactionListParams) => (await list(params)).data.map(({ id }) => id)
    expect(await ids({ type: 'refund' })).toEqual([newest?.id])
    expect(await ids({ currency: 'usd' })).toEqual([middle?.id])
    expect(await ids({ source: String(intent.latest_charge) })).toEqual([oldest?.id])
    expect(await ids({ limit: 1, starting_after: newest?.id ?? '' })).toEqual([middle?.id])
    expect(await ids({ limit: 1, ending_before: oldest?.id ?? '' })).toEqual([middle?.id])
    expect(await ids({ created: { gt: (newest?.created ?? 0) + 60 } })).toEqual([])
    expect(await stage.stripe.balanceTransactions.retrieve(oldest?.id ?? '')).toMatchObject({ net: 9_650 })
  })
})

describe('money that is not available yet', () => {
  test('pays no transfer and no payout, except one that comes from the charge itself', async () => {
    await settings({ availableAfterSeconds: 7 * 86_400 })
    const intent = await pay('pm_card_de')
    const transaction = await feeOf(intent)
    expect(transaction.status).toBe('pending')
    expect(transaction.available_on - transaction.created).toBe(7 * 86_400)
    expect(await inCurrency('eur')).toEqual({ available: 0, pending: 9_825 })
    const transfer = { amount: 1_000, currency: 'eur', destination: 'acct_seller' }
    await expect(stage.stripe.transfers.create(transfer)).rejects.toMatchObject({ code: 'balance_insufficient' })
    await expect(stage.stripe.payouts.create({ amount: 1, currency: 'eur' })).rejects.toMatchObject({
      code: 'balance_insufficient',
    })
    const source_transaction = String(intent.latest_charge)
    const made = await stage.stripe.transfers.create({
      ...transfer,
      source_transaction,
      expand: ['balance_transaction'],
    })
    expect(made.balance_transaction).toMatchObject({ status: 'pending', available_on: transaction.available_on })
    expect(await inCurrency('eur')).toEqual({ available: 0, pending: 8_825 })
    expect(await inCurrency('eur', 'acct_seller')).toEqual({ available: 0, pending: 1_000 })

    await control('settle')
    await stage.webhook('balance.available')
    expect(await inCurrency('eur')).toEqual({ available: 8_825, pending: 0 })
    expect(await inCurrency('eur', 'acct_seller')).toEqual({ available: 1_000, pending: 0 })
    expect((await feeOf(intent)).status).toBe('available')
    expect(await stage.stripe.transfers.create(transfer)).toMatchObject({ source_transaction: null })
  })

  test('becomes available by itself, and at once with the card for that', async () => {
    await settings({ availableAfterSeconds: 1 })
    const waiting = await pay('pm_card_de')
    await pay('pm_card_bypassPending')
    expect(await inCurrency('eur')).toEqual({ available: 9_650, pending: 9_825 })
    await expect.poll(async () => (await feeOf(waiting)).status, { timeout: 5_000 }).toBe('available')
    expect(await inCurrency('eur')).toEqual({ available: 19_475, pending: 0 })
  })
})

describe('money of another currency', () => {
  test('is exchanged when it is taken, given back and shared, each at the rate of its day', async () => {
    await settings({ settlementCurrency: 'eur', exchangeRates: { usd: 0.9, jpy: 0.006 } })
    const intent = await pay('pm_card_de', { currency: 'usd' })
    expect(await feeOf(intent)).toMatchObject({ amount: 9_000, currency: 'eur', exchange_rate: 0.9, fee: 160 })
    expect(await feeOf(await pay('pm_card_de', { currency: 'jpy' }))).toMatchObject({ amount: 6_000, currency: 'eur' })
    const share = { destination: 'acct_seller', source_transaction: String(intent.latest_charge) }
    await expect(stage.stripe.transfers.create({ ...share, amount: 1, currency: 'usd' })).rejects.toMatchObject({
      param: 'currency',
    })
    await expect(stage.stripe.transfers.create({ ...share, amount: 9_001, currency: 'eur' })).rejects.toMatchObject({
      param: 'amount',
    })
    await stage.stripe.transfers.create({ ...share, amount: 8_000, currency: 'eur' })

    await settings({ exchangeRates: { usd: 0.95 } })
    const refund = await stage.stripe.refunds.create({ payment_intent: intent.id, amount: 1_000 })
    await control(`refunds/${refund.id}/fail`)
    const moved = (await everyTransaction({ source: refund.id })).map(({ amount, exchange_rate }) => [
      amount,
      exchange_rate,
    ])
    expect(moved).toEqual([
      [950, 0.95],
      [-950, 0.95],
    ])
    // A dispute takes more than the payment brought.
    const dispute = await control('disputes', { payment_intent: intent.id })
    expect(dispute).toMatchObject({ amount: 10_000, currency: 'usd' })
    expect(dispute.balance_transactions[0]).toMatchObject({ amount: -9_500, currency: 'eur', fee: 1_500, net: -11_000 })
  })
})

describe('payouts', () => {
  test('by hand leave the balance at once, arrive later, and cannot be itemised', async () => {
    await pay('pm_card_de')
    await expect(stage.stripe.payouts.create({ amount: 9_826, currency: 'eur' })).rejects.toMatchObject({
      code: 'balance_insufficient',
    })
    const payout = await stage.stripe.payouts.create({ amount: 5_000, currency: 'eur', metadata: { why: 'rent' } })
    expect(payout).toMatchObject({ status: 'pending', automatic: false, reconciliation_status: 'not_applicable' })
    expect(await inCurrency('eur')).toEqual({ available: 4_825, pending: 0 })
    await control(`payouts/${payout.id}/send`)
    await control(`payouts/${payout.id}/pay`)
    expect(await stage.stripe.payouts.retrieve(payout.id)).toMatchObject({ status: 'paid' })
    await stage.webhook('payout.paid', ({ body }) => body.includes(payout.id))
    await expect(stage.stripe.balanceTransactions.list({ payout: payout.id })).rejects.toMatchObject({
      param: 'payout',
    })
    expect((await refused(`payouts/${payout.id}/pay`)).status).toBe(409)
    await expect(stage.stripe.payouts.cancel(payout.id)).rejects.toMatchObject({ statusCode: 400 })

    const second = await stage.stripe.payouts.create({ amount: 100, currency: 'eur' })
    expect(await stage.stripe.payouts.cancel(second.id)).toMatchObject({ status: 'canceled' })
    expect((await stage.stripe.payouts.list({ status: 'canceled' })).data).toMatchObject([{ id: second.id }])
    expect(await inCurrency('eur')).toEqual({ available: 4_825, pending: 0 })
  })

  test('by schedule take all that is available along, and say what they pay', async () => {
    await settings({ availableAfterSeconds: 7 * 86_400 })
    await pay('pm_card_de')
    const early = await pay('pm_card_bypassPending')
    await stage.stripe.refunds.create({ payment_intent: early.id, amount: 1_000 })
    const [payout] = (await control('payouts')).payouts
    expect(payout).toMatchObject({ automatic: true, amount: 8_650, reconciliation_status: 'completed' })
    const paid = await everyTransaction({ payout: payout.id })
    expect(paid.map(({ type, net }) => [type, net])).toEqual([
      ['payout', -8_650],
      ['refund', -1_000],
      ['charge', 9_650],
    ])
    expect(await inCurrency('eur')).toEqual({ available: 0, pending: 9_825 })
    expect((await control('payouts')).payouts).toEqual([])
  })

  test('that the bank sends back are in the balance again, even after they were paid, and in the next payout', async () => {
    await pay('pm_card_de')
    const [payout] = (await control('payouts', { currency: 'eur' })).payouts
    await control(`payouts/${payout.id}/pay`)
    await control(`payouts/${payout.id}/fail`, { code: 'account_closed' })
    await stage.webhook('payout.failed', ({ body }) => body.includes(payout.id))
    const failed = await stage.stripe.payouts.retrieve(payout.id, { expand: ['failure_balance_transaction'] })
    expect(failed).toMatchObject({
      status: 'failed',
      failure_code: 'account_closed',
      failure_balance_transaction: { type: 'payout_failure', reporting_category: 'payout_reversal', net: 9_825 },
    })
    expect((await refused(`payouts/${payout.id}/fail`)).status).toBe(409)
    const [again] = (await control('payouts')).payouts
    expect(again).toMatchObject({ amount: 9_825 })
    expect(sum(await everyTransaction({ payout: again.id }))).toBe(0)
    expect(sum(await everyTransaction({ payout: payout.id }))).toBe(0)
  })
})

describe('a connected account', () => {
  const share = async (amount: number) => {
    const intent = await pay('pm_card_de')
    const source_transaction = String(intent.latest_charge)
    return stage.stripe.transfers.create({ amount, currency: 'eur', destination: 'acct_seller', source_transaction })
  }

  test('has what was transferred to it less what was taken back', async () => {
    const transfer = await share(8_000)
    await stage.stripe.transfers.createReversal(transfer.id, { amount: 3_000 })
    expect(await inCurrency('eur', 'acct_seller')).toEqual({ available: 5_000, pending: 0 })
    expect(await inCurrency('eur')).toEqual({ available: 4_825, pending: 0 })
    const found = await everyTransaction({}, 'acct_seller')
    expect(found.map(({ type, net }) => [type, net])).toEqual([
      ['payment_refund', -3_000],
      ['payment', 8_000],
    ])
    expect(found[1]?.source).toBe(transfer.destination_payment)
    expect(await everyTransaction({}, 'acct_other')).toEqual([])
    await expect(stage.stripe.balanceTransactions.retrieve(found[0]?.id ?? '')).rejects.toMatchObject({
      statusCode: 404,
    })
  })

  test('that was paid out has nothing left to reverse, unless it may owe', async () => {
    const transfer = await share(8_000)
    const [payout] = (await control('payouts', { account: 'acct_seller' })).payouts
    expect(payout).toMatchObject({ amount: 8_000 })
    const event = await stage.webhook('payout.created', ({ body }) => body.includes(payout.id))
    expect(event.event.account).toBe('acct_seller')
    await expect(stage.stripe.payouts.retrieve(payout.id)).rejects.toMatchObject({ statusCode: 404 })
    const mine = { stripeAccount: 'acct_seller' }
    expect(await stage.stripe.payouts.retrieve(payout.id, {}, mine)).toMatchObject({ id: payout.id })
    expect((await stage.stripe.payouts.list({}, mine)).data).toHaveLength(1)
    expect((await stage.stripe.payouts.list()).data).toEqual([])

    const reversal = stage.stripe.transfers.createReversal(transfer.id, { amount: 1 })
    await expect(reversal).rejects.toMatchObject({ statusCode: 400, code: 'balance_insufficient' })
    expect(await stage.stripe.transfers.retrieve(transfer.id)).toMatchObject({ amount_reversed: 0 })
    expect((await refused(`dashboard/transfers/${transfer.id}/reversals`)).json.error.code).toBe('balance_insufficient')
    await settings({ accountsMayOwe: true })
    await stage.stripe.transfers.createReversal(transfer.id, { amount: 500 })
    expect(await inCurrency('eur', 'acct_seller')).toEqual({ available: -500, pending: 0 })
    // What it gets next pays its debt first.
    await share(2_000)
    expect((await control('payouts', { account: 'acct_seller' })).payouts).toMatchObject([{ amount: 1_500 }])
    await control(`payouts/${payout.id}/fail`)
    expect(await inCurrency('eur', 'acct_seller')).toEqual({ available: 8_000, pending: 0 })
  })
})

describe('whatever happens', () => {
  const currencies = ['eur', 'usd', 'jpy']
  const accounts = ['acct_a', 'acct_b']

  test.each([1, 2, 3])(
    'the balance is the sum of its transactions, and each is explained (%i)',
    async (seed) => {
      const dice = seededRandom(seed)
      const pick = <Value>(values: readonly Value[]) => values[Math.floor(dice() * values.length)] as Value
      const upTo = (most: number) => 1 + Math.floor(dice() * most)
      await settings({
        availableAfterSeconds: pick([0, 3_600]),
        settlementCurrency: seed === 3 ? 'eur' : '',
        exchangeRates: seed === 3 ? { usd: 0.91, jpy: 0.0061 } : {},
        disputeFeeReturned: seed === 2,
        partialCaptureReversals: seed === 1,
      })
      const intents: Stripe.PaymentIntent[] = []
      const refunds: string[] = []
      const transfers: string[] = []
      const disputes: string[] = []
      const payouts: string[] = []
      // What is refused must move nothing, so a refusal is as good a step as any.
      const attempt = async <Value>(step: Promise<Value>) => step.catch(() => undefined)
      const steps: (() => Promise<unknown>)[] = [
        async () =>
          intents.push(
            await pay(pick(['pm_card_de', 'pm_card_gb', 'pm_card_us']), {
              currency: pick(currencies),
              amount: 500 + upTo(9_000),
            }),
          ),
        async () => {
          const intent = await pay('pm_card_visa', { currency: pick(currencies), capture_method: 'manual' })
          await stage.stripe.paymentIntents.capture(intent.id, { amount_to_capture: upTo(10_000) })
          intents.push(intent)
        },
        async () => {
          const refund = await attempt(
            stage.stripe.refunds.create({ payment_intent: pick(intents).id, amount: upTo(4_000) }),
          )
          if (refund) refunds.push(refund.id)
        },
        () => refused(`refunds/${pick(refunds)}/fail`),
        async () => {
          const { latest_charge, currency } = pick(intents)
          const source = dice() < 0.6 ? { source_transaction: String(latest_charge) } : {}
          const wish = { amount: upTo(3_000), currency: seed === 3 ? 'eur' : currency, destination: pick(accounts) }
          const transfer = await attempt(stage.stripe.transfers.create({ ...wish, ...source }))
          if (transfer) transfers.push(transfer.id)
        },
        () => attempt(stage.stripe.transfers.createReversal(pick(transfers), { amount: upTo(2_000) })),
        async () => {
          const body = { payment_intent: pick(intents).id, amount: upTo(12_000), inquiry: dice() < 0.3 }
          disputes.push((await refused('disputes', body)).json.id)
        },
        () => refused(`disputes/${pick(disputes)}/close`, { status: pick(['won', 'lost', 'warning_closed']) }),
        () => refused(`disputes/${pick(disputes)}/escalate`),
        async () =>
          payouts.push(
            ...(await control('payouts', dice() < 0.5 ? {} : { account: pick(accounts) })).payouts.map(
              ({ id }: { id: string }) => id,
            ),
          ),
        () => refused(`payouts/${pick(payouts)}/${pick(['pay', 'fail', 'send'])}`),
        () => attempt(stage.stripe.payouts.create({ amount: upTo(5_000), currency: pick(currencies) })),
        () => control('settle'),
        () => control('fees', { amount: upTo(100), currency: pick(currencies) }),
      ]
      await steps[0]?.()
      for (let step = 0; step < 150; step += 1) await pick(steps)()

      const ofAccounts: Stripe.BalanceTransaction[] = []
      for (const owner of [undefined, ...accounts]) {
        const all = await everyTransaction({ limit: 100 }, owner)
        if (owner !== undefined) ofAccounts.push(...all)
        for (const currency of currencies) {
          const mine = all.filter((transaction) => transaction.currency === currency)
          const { available, pending } = await inCurrency(currency, owner)
          expect(sum(mine)).toBe(available + pending)
          expect(sum(mine.filter(({ status }) => status === 'pending'))).toBe(pending)
        }
        for (const { net, amount, fee, fee_details } of all) {
          expect(net).toBe(amount - fee)
          expect(fee_details.reduce((total, detail) => total + detail.amount, 0)).toBe(fee)
        }
      }

      const all = await everyTransaction({ limit: 100 })
      const moved = (...types: string[]) => all.filter(({ type }) => types.includes(type))
      const gross = (transactions: readonly { amount: number }[]) =>
        transactions.reduce((total, { amount }) => total + amount, 0)
      expect(new Set(all.map(({ type }) => type)).size).toBeGreaterThan(6)
      // What left for the accounts arrived there, and the other way round.
      const toAccounts = ofAccounts.filter(({ type }) => type === 'payment' || type === 'payment_refund')
      expect(gross(moved('transfer', 'transfer_refund'))).toBe(-gross(toAccounts))
      for (const { source, type } of all) expect(source === null).toBe(type === 'stripe_fee')
      // Every object that moved money has as many transactions as it had movements.
      const { stripe } = (await stage.call('GET', '/sandbox/books')).json
      const count = (kind: string, keep: (entry: Record<string, unknown>) => boolean = () => true) =>
        (stripe[kind] as Record<string, unknown>[]).filter(keep).length
      expect(moved('charge')).toHaveLength(count('captures'))
      expect(moved('refund').filter(({ reporting_category }) => reporting_category === 'refund')).toHaveLength(
        count('refunds'),
      )
      expect(moved('refund_failure')).toHaveLength(count('refunds', ({ status }) => status === 'failed'))
      expect(moved('transfer')).toHaveLength(count('transfers'))
      expect(moved('transfer_refund')).toHaveLength(count('transferReversals'))
      expect(
        moved('adjustment').filter(({ reporting_category }) => reporting_category === 'dispute_reversal'),
      ).toHaveLength(count('disputes', ({ status }) => status === 'won'))
      const everyPayout = [...all, ...ofAccounts]
      expect(everyPayout.filter(({ type }) => type === 'payout')).toHaveLength(count('payouts'))
      expect(everyPayout.filter(({ type }) => type === 'payout_failure')).toHaveLength(
        count('payouts', ({ status }) => status === 'failed'),
      )
      if (seed !== 3) {
        const captured = (stripe.captures as { amount: number }[]).reduce((total, { amount }) => total + amount, 0)
        const reversed = all.filter(({ reporting_category }) => reporting_category === 'partial_capture_reversal')
        expect(gross([...moved('charge'), ...reversed])).toBe(captured)
      }
    },
    120_000,
  )
})
