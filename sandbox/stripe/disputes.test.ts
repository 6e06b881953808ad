// Risk removed: disputes that end as no bank would end them, told in events that Stripe would not send.
import type { Stripe } from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nameOf, type Stage, startStage } from '../stage.ts'

let stage: Stage

beforeAll(async () => {
  stage = await startStage()
})
afterAll(() => stage.close())

const control = async (path: string, body: object = {}) => {
  const answer = await stage.call('POST', `/sandbox/stripe/${path}`, body)
  expect(answer.status, answer.text).toBeLessThan(300)
  return answer.json
}
const pay = (payment_method = 'pm_card_visa', extra: object = {}) =>
  stage.stripe.paymentIntents.create({
    amount: 5_000,
    currency: 'usd',
    allowed_payment_method_types: ['card'],
    capture_method: 'automatic',
    payment_method,
    confirm: true,
    ...extra,
  })
const disputed = async (body: object = {}) => {
  const intent = await pay()
  const dispute: Stripe.Dispute = await control('disputes', { payment_intent: intent.id, ...body })
  return { intent, dispute, id: dispute.id }
}
const read = (id: string) => stage.stripe.disputes.retrieve(id)
/** What was told of a dispute, each event with the status that it showed. */
const told = async (id: string) => {
  await stage.quiet()
  return stage.received.flatMap((delivery) => {
    const { object } = delivery.event.data as { object: { id: string; status: string } }
    return object.id === id ? [`${nameOf(delivery).replace('charge.dispute.', '')} ${object.status}`] : []
  })
}
const moved = async (id: string) =>
  (await stage.stripe.balanceTransactions.list({ source: id })).data.map(({ reporting_category, amount, fee, net }) => [
    reporting_category,
    amount,
    fee,
    net,
  ])
const refund = (intent: string, amount?: number) =>
  stage.stripe.refunds.create({ payment_intent: intent, ...(amount === undefined ? {} : { amount }) })
type Uploaded = { id: string; url: string; error: { param: string } }
const upload = async (name: string, content: Uint8Array<ArrayBuffer>, purpose = 'dispute_evidence') => {
  const form = new FormData()
  form.append('purpose', purpose)
  form.append('file', new Blob([content]), name)
  const response = await fetch(`${stage.sandbox.url}/v1/files`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk_test_stage' },
    body: form,
  })
  return { status: response.status, json: (await response.json()) as Uploaded }
}

describe('a dispute', () => {
  test('takes the amount and a fee, is answered, reviewed and won', async () => {
    const { intent, dispute, id } = await disputed()
    expect(dispute).toMatchObject({
      status: 'needs_response',
      is_charge_refundable: false,
      charge: intent.latest_charge,
    })
    expect(await moved(id)).toEqual([['dispute', -5_000, 1_500, -6_500]])
    const staged = await stage.stripe.disputes.update(id, { evidence: { customer_name: 'A' }, submit: false })
    expect(staged).toMatchObject({
      status: 'needs_response',
      evidence_details: { has_evidence: true, submission_count: 0 },
    })
    const sent = await stage.stripe.disputes.update(id, { submit: true, metadata: { order: '1' } })
    expect(sent).toMatchObject({
      status: 'under_review',
      metadata: { order: '1' },
      evidence: { customer_name: 'A' },
      evidence_details: { submission_count: 1, submission_method: 'manual' },
    })
    await control(`disputes/${id}/close`, { status: 'won' })
    expect(await read(id)).toMatchObject({ status: 'won', is_charge_refundable: true })
    expect(await moved(id)).toEqual([
      ['dispute_reversal', 5_000, 0, 5_000],
      ['dispute', -5_000, 1_500, -6_500],
    ])
    expect((await read(id)).balance_transactions).toHaveLength(2)
    expect(await told(id)).toEqual([
      'created needs_response',
      'funds_withdrawn needs_response',
      'updated needs_response',
      'updated under_review',
      'closed won',
      'funds_reinstated won',
    ])
    // Who has won may still give the money back.
    expect(await refund(intent.id)).toMatchObject({ amount: 5_000 })
  })

  test('gives its fee back where that was agreed on, by its currency', async () => {
    await control('settings', { disputeFeeReturned: true, disputeFees: { usd: 2_000 } })
    const { id } = await disputed()
    await control(`disputes/${id}/close`, { status: 'won' })
    await control('settings', { disputeFeeReturned: false, disputeFees: { usd: 1_500 } })
    expect(await moved(id)).toEqual([
      ['dispute_reversal', 5_000, -2_000, 7_000],
      ['dispute', -5_000, 2_000, -7_000],
    ])
  })

  test('that is accepted or lost takes its amount for good, and leaves the rest to refunds', async () => {
    const { intent, id } = await disputed({ amount: 3_000 })
    await expect(refund(intent.id, 1)).rejects.toMatchObject({ code: 'charge_disputed' })
    expect(await stage.stripe.disputes.close(id)).toMatchObject({ status: 'lost', is_charge_refundable: true })
    await expect(stage.stripe.disputes.close(id)).rejects.toMatchObject({ statusCode: 400 })
    const late = stage.stripe.disputes.update(id, { evidence: { customer_name: 'A' } })
    await expect(late).rejects.toMatchObject({ statusCode: 400 })
    expect((await stage.call('POST', `/sandbox/stripe/disputes/${id}/close`, { status: 'won' })).status).toBe(409)
    expect(await moved(id)).toEqual([['dispute', -3_000, 1_500, -4_500]])
    expect(await told(id)).toEqual(['created needs_response', 'funds_withdrawn needs_response', 'closed lost'])
    await expect(refund(intent.id, 2_001)).rejects.toMatchObject({ param: 'amount' })
    expect(await refund(intent.id)).toMatchObject({ amount: 2_000 })
    await expect(refund(intent.id)).rejects.toMatchObject({ code: 'charge_disputed' })
  })

  test('may be one of several, and larger than the payment', async () => {
    const { intent, id } = await disputed({ amount: 2_000 })
    const second = await control('disputes', { payment_intent: intent.id, amount: 5_400, reason: 'duplicate' })
    expect(second).toMatchObject({ amount: 5_400, reason: 'duplicate' })
    await control(`disputes/${id}/review`)
    await control(`disputes/${id}/close`, { status: 'won' })
    await expect(refund(intent.id, 1)).rejects.toMatchObject({ code: 'charge_disputed' })
    await control(`disputes/${second.id}/close`, { status: 'lost' })
    await expect(refund(intent.id, 1)).rejects.toMatchObject({ code: 'charge_disputed' })
    const charge = String(intent.latest_charge)
    const ids = async (params: Stripe.DisputeListParams) =>
      (await stage.stripe.disputes.list(params)).data.map((row) => row.id)
    expect(await ids({ charge })).toEqual([second.id, id])
    expect(await ids({ payment_intent: intent.id, limit: 1 })).toEqual([second.id])
    expect(await ids({ charge, starting_after: second.id })).toEqual([id])
  })

  test('is decided by the texts of the test mode, after the answer', async () => {
    const verdict = async (uncategorized_text: string, body: object = {}) => {
      const { id } = await disputed(body)
      const answer = await stage.stripe.disputes.update(id, { evidence: { uncategorized_text } })
      return [answer.status, (await read(id)).status]
    }
    expect(await verdict('winning_evidence')).toEqual(['under_review', 'won'])
    expect(await verdict('losing_evidence')).toEqual(['under_review', 'lost'])
    expect(await verdict('winning_evidence', { inquiry: true })).toEqual(['warning_under_review', 'warning_closed'])
    expect(await verdict('escalate_inquiry_evidence', { inquiry: true })).toEqual([
      'warning_under_review',
      'needs_response',
    ])
  })

  test('is answered and accepted in the dashboard, too, without anybody’s key', async () => {
    const { id } = await disputed()
    await control(`dashboard/disputes/${id}`, { evidence: { customer_email_address: 'a@example.com' }, submit: true })
    expect(await read(id)).toMatchObject({
      status: 'under_review',
      evidence: { customer_email_address: 'a@example.com' },
    })
    await control(`dashboard/disputes/${id}/close`)
    expect((await read(id)).status).toBe('lost')
    const closed = await stage.webhook('charge.dispute.closed', ({ body }) => body.includes(id))
    expect(closed.event.request).toMatchObject({ idempotency_key: null })
  })
})

describe('an inquiry', () => {
  test('takes nothing, lets refunds through, and closes when everything was given back', async () => {
    const { intent, dispute, id } = await disputed({ inquiry: true, reason: 'product_not_received' })
    expect(dispute).toMatchObject({
      status: 'warning_needs_response',
      is_charge_refundable: true,
      balance_transactions: [],
    })
    expect(dispute.payment_method_details?.card?.case_type).toBe('inquiry')
    await expect(stage.stripe.disputes.close(id)).rejects.toMatchObject({ statusCode: 400 })
    await refund(intent.id, 1_000)
    expect((await read(id)).status).toBe('warning_needs_response')
    await refund(intent.id)
    expect((await read(id)).status).toBe('warning_closed')
    expect(await moved(id)).toEqual([])
    expect(await told(id)).toEqual(['created warning_needs_response', 'closed warning_closed'])
  })

  test('may become a dispute, even after it was closed', async () => {
    const { id } = await disputed({ inquiry: true })
    await control(`disputes/${id}/review`)
    expect((await stage.call('POST', `/sandbox/stripe/disputes/${id}/close`, { status: 'won' })).status).toBe(400)
    await control(`disputes/${id}/close`, { status: 'warning_closed' })
    await control(`disputes/${id}/escalate`)
    expect((await stage.call('POST', `/sandbox/stripe/disputes/${id}/escalate`)).status).toBe(409)
    expect(await moved(id)).toEqual([['dispute', -5_000, 1_500, -6_500]])
    expect(await told(id)).toEqual([
      'created warning_needs_response',
      'updated warning_under_review',
      'closed warning_closed',
      'updated needs_response',
      'funds_withdrawn needs_response',
    ])
  })
})

describe('the cards that are disputed', () => {
  test.each([
    ['pm_card_createDispute', ['fraudulent needs_response 5000']],
    ['pm_card_createDisputeProductNotReceived', ['product_not_received needs_response 5000']],
    ['pm_card_createDisputeInquiry', ['fraudulent warning_needs_response 5000']],
    ['pm_card_createMultipleDisputes', ['product_not_received needs_response 2500', 'fraudulent needs_response 2500']],
  ])('%s', async (card, expected) => {
    const disputes = async (intent: string) =>
      (await stage.stripe.disputes.list({ payment_intent: intent })).data.map(
        ({ reason, status, amount }) => `${reason} ${status} ${amount}`,
      )
    expect(await disputes((await pay(card)).id)).toEqual(expected)
    const held = await pay(card, { capture_method: 'manual' })
    expect(await disputes(held.id)).toEqual([])
    await stage.stripe.paymentIntents.capture(held.id)
    expect(await disputes(held.id)).toEqual(expected)
  })
})

describe('evidence', () => {
  test('is uploaded byte by byte, and named in a dispute', async () => {
    const content = Uint8Array.from({ length: 2_000 }, (_, at) => at % 256)
    const { json: file } = await upload('räceipt.PDF', content)
    expect(file).toMatchObject({
      object: 'file',
      purpose: 'dispute_evidence',
      size: 2_000,
      type: 'pdf',
      filename: 'räceipt.PDF',
    })
    const bytes = await fetch(file.url, { headers: { authorization: 'Bearer sk_test_stage' } })
    expect(new Uint8Array(await bytes.arrayBuffer())).toEqual(content)
    expect((await fetch(file.url)).status).toBe(404)
    const { id } = await disputed()
    const answered = await stage.stripe.disputes.update(id, {
      evidence: { receipt: file.id },
      submit: false,
      expand: ['evidence.receipt'],
    })
    expect(answered.evidence.receipt).toMatchObject({ id: file.id, size: 2_000 })
    const sdk = await stage.stripe.files.create({
      purpose: 'dispute_evidence',
      file: { data: Buffer.from(content), name: 'photo.png', type: 'image/png' },
    })
    expect(sdk).toMatchObject({ type: 'png', size: 2_000 })
    expect((await stage.stripe.files.list({ purpose: 'dispute_evidence' })).data.map((row) => row.id)).toEqual([
      sdk.id,
      file.id,
    ])
    expect(await stage.stripe.files.retrieve(sdk.id)).toMatchObject({ filename: 'photo.png' })
  })

  test('is refused when it is no such file, too large, or no known field', async () => {
    const small = Uint8Array.of(1)
    expect((await upload('page.html', small)).json.error.param).toBe('file')
    expect((await upload('scan.pdf', new Uint8Array(5 * 1_024 * 1_024 + 1))).status).toBe(400)
    expect((await upload('scan.pdf', small, 'love_letter')).json.error.param).toBe('purpose')
    const { json: logo } = await upload('logo.png', small, 'business_logo')
    const { id } = await disputed()
    const update = (evidence: object) => stage.stripe.disputes.update(id, { evidence })
    await expect(update({ receipt: 'file_none' })).rejects.toMatchObject({ param: 'evidence[receipt]' })
    await expect(update({ receipt: logo.id })).rejects.toMatchObject({ param: 'evidence[receipt]' })
    await expect(update({ alibi: 'none' })).rejects.toMatchObject({ code: 'parameter_unknown' })
    expect((await read(id)).status).toBe('needs_response')
  })
})
