import { describe, expect, it } from 'vitest'
import { anotherKey } from '../another-merchant.ts'
import { merchantOrders } from '../merchant-orders.ts'
import { runningShop } from '../running-shop.ts'
import { type Answer, eventually, type Json } from '../storefront.ts'

// Removes the risk that a dispute is lost because nobody could tell the bank what was sold and delivered.
describe('R289 evidence about a dispute', () => {
  const { system, shop } = runningShop(merchantOrders)

  const disputed = async (skuId = 'sku-digital', more: Json = {}) => {
    const order = await shop.order([{ skuId }], { email: 'ada@example.com', ...more })
    await shop.pay(order.id)
    await shop.confirmed(order.id)
    const { charges } = await shop.settled(order.id)
    const { id } = await shop.sandbox('POST', '/sandbox/stripe/disputes', {
      payment_intent: charges[0].providerReference,
      reason: 'product_not_received',
    })
    const dispute = await eventually(async () => {
      const { data } = await shop.must('GET', `/v2/disputes?orderId=${order.id}`)
      return data[0]
    }, 'the dispute to be told')
    return { dispute, reference: id, order }
  }
  const upload = async (name: string, type: string, content: string) => {
    const body = new FormData()
    body.set('purpose', 'tax_document_customer_upload')
    body.set('file', new File([content], name, { type }))
    const answer = await fetch(`${system.url}/v2/files`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk_test_system' },
      body,
    })
    const file = (await answer.json()) as { id: string }
    expect([answer.status, file]).toEqual([201, expect.objectContaining({ id: expect.any(String) })])
    return file.id
  }
  const send = (dispute: Answer['body'], body: Json, key?: string) =>
    shop.call('POST', `/v2/disputes/${dispute.id}/evidence`, body, ...(key ? [{ key }] : []))
  const atBank = async (reference: string) => {
    const answer = await fetch(`${system.sandbox.url}/v1/disputes/${reference}`, {
      headers: { authorization: 'Bearer sk_test_x' },
    })
    return (await answer.json()) as { status: string; evidence: Record<string, string | null> }
  }
  const codeOf = ({ status, body }: Answer) => [status, body.errors?.[0]?.code]

  it('says until when it is taken, and reaches the bank with what the order knows and what its merchant shows', async () => {
    const { dispute, reference } = await disputed('sku-physical')
    expect(dispute).toMatchObject({ state: 'needs_response', reason: 'product_not_received', evidenceSentTime: null })
    expect(Date.parse(dispute.evidenceDueTime)).toBeGreaterThan(Date.now())
    const receipt = await upload('receipt.pdf', 'application/pdf', '%PDF-1.4\n%%EOF\n')
    const answer = await send(dispute, {
      other: 'The parcel was left with a neighbour.',
      files: [{ kind: 'receipt', fileId: receipt }],
    })
    expect([answer.status, answer.body.evidenceSentTime]).toEqual([200, expect.any(String)])
    const { status, evidence } = await atBank(reference)
    expect(status).toBe('under_review')
    expect(evidence).toMatchObject({
      customer_email_address: 'ada@example.com',
      product_description: expect.stringMatching(/^1 × /),
      shipping_tracking_number: expect.stringMatching(/./),
      shipping_carrier: expect.stringMatching(/./),
      uncategorized_text: 'The parcel was left with a neighbour.',
      receipt: expect.stringMatching(/^file_/),
    })
    expect(codeOf(await send(dispute, { other: 'And more.' }))).toEqual([409, 'evidence_sent'])
    await shop.until(dispute.orderId, ({ disputeState }) => disputeState !== 'needs_response', 'the bank to look at it')
  })

  it('may win a dispute, after which none is taken', async () => {
    const { dispute } = await disputed()
    expect((await send(dispute, { other: 'winning_evidence', customerName: 'Ada' })).status).toBe(200)
    const won = await eventually(async () => {
      const found = await shop.must('GET', `/v2/disputes/${dispute.id}`)
      return found.state === 'won' ? found : undefined
    }, 'the dispute to be won')
    expect(Object.keys(won.stateTransitions)).toContain('won')
    expect(codeOf(await send(dispute, { other: 'too late' }))).toEqual([409, 'dispute_closed'])
  })

  it('is asked for again when nobody heard that it was taken', async () => {
    const { dispute, reference } = await disputed()
    await shop.sandbox('POST', '/sandbox/faults', {
      provider: 'stripe',
      operation: 'disputes.update',
      kind: 'drop_before',
      times: 5,
    })
    expect((await send(dispute, { other: 'first' })).status).toBeGreaterThanOrEqual(500)
    await shop.sandbox('DELETE', '/sandbox/faults')
    expect((await shop.must('GET', `/v2/disputes/${dispute.id}`)).evidenceSentTime).toBeNull()
    expect((await send(dispute, { other: 'second' })).status).toBe(200)
    expect((await atBank(reference)).evidence.uncategorized_text).toBe('second')
  })

  it('is refused after its day, of unknown kinds, and for files that banks do not take', async () => {
    const { dispute } = await disputed()
    const text = await upload('notes.txt', 'text/plain', 'only words')
    const file = (kind: string, fileId: string) => ({ files: [{ kind, fileId }] })
    expect(codeOf(await send(dispute, file('receipt', text)))).toEqual([400, 'invalid_parameter'])
    expect(codeOf(await send(dispute, file('selfie', text)))).toEqual([400, 'invalid_parameter'])
    expect(codeOf(await send(dispute, file('receipt', 'fil_nobodys')))).toEqual([404, 'not_found'])
    expect(codeOf(await send(dispute, { other: 'x'.repeat(20_001) }))).toEqual([400, 'invalid_parameter'])
    await system.database.sql(`update disputes set evidence_due_at = now() - interval '1 minute' where id = $1`, [
      dispute.id,
    ])
    expect(codeOf(await send(dispute, { other: 'late' }))).toEqual([409, 'evidence_too_late'])
  })

  it('is its merchant’s alone', async () => {
    const { dispute } = await disputed()
    const key = await anotherKey(system)
    expect(codeOf(await shop.call('GET', `/v2/disputes/${dispute.id}`, undefined, { key }))).toEqual([404, 'not_found'])
    expect(codeOf(await send(dispute, { other: 'x' }, key))).toEqual([404, 'not_found'])
    expect((await shop.call('GET', '/v2/disputes', undefined, { key })).body.data).toEqual([])
    expect((await shop.call('GET', '/v2/disputes', undefined, { key: 'pk_test_system' })).status).toBe(403)
  })
})
