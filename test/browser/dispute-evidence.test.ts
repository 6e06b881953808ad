import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openShop, pageText, type Shop, stranger } from './shop.ts'

// Removes the risk that a seller cannot answer a dispute without a program, or answers it twice or with what banks do not take.
describe('the form for evidence about a dispute', () => {
  let shop: Shop
  let visitor: Awaited<ReturnType<Shop['signedIn']>>

  beforeAll(async () => {
    shop = await openShop()
    visitor = await shop.signedIn()
  })
  afterAll(() => shop?.close())

  const disputed = async () => {
    const order = await shop.api.order([{ skuId: 'sku-physical' }], { email: `${crypto.randomUUID()}@example.com` })
    await shop.api.pay(order.id)
    await shop.api.confirmed(order.id)
    const { charges } = await shop.api.read(order.id)
    const { id: reference } = await shop.api.sandbox('POST', '/sandbox/stripe/disputes', {
      payment_intent: charges[0].providerReference,
      reason: 'product_not_received',
    })
    await shop.api.until(order.id, ({ disputeState }: { disputeState?: string }) => disputeState !== undefined)
    const { data } = await shop.api.must('GET', `/v2/disputes?orderId=${order.id}`)
    return { orderId: order.id as string, id: data[0].id as string, reference }
  }
  const send = async (id: string, other: string, file?: File, who = visitor) => {
    const form = new FormData()
    form.set('other', other)
    form.set('shippingDate', '2026-11-30')
    if (file) form.set('file-receipt', file)
    const answer = await who.send(`/dashboard/disputes/${id}/evidence`, form)
    return answer.headers.get('location')?.split('?')[1] ?? answer.status
  }

  it('says until when, sends once what was written and shown, and says what was sent', async () => {
    const { orderId, id, reference } = await disputed()
    const before = await pageText(await visitor.get(`/dashboard/orders/${orderId}`))
    for (const word of ['to be answered', 'product not received', 'Answer until', 'Send it to the bank'])
      expect(before).toContain(word)
    expect(await send(id, '')).toBe('problem=missing_parameter')
    expect(await send(id, 'x', new File(['<html>'], 'receipt.pdf'))).toBe('problem=evidence_file_refused')
    const other = await shop.signedIn(stranger)
    expect(await send(id, 'mine', undefined, other)).toBe(404)
    const receipt = new File(['%PDF-1.4\n%%EOF\n'], 'receipt.pdf', { type: 'application/pdf' })
    expect(await send(id, 'It was left with a neighbour.', receipt)).toBe('done=evidence-sent')
    expect(await send(id, 'And more.')).toBe('problem=evidence_sent')
    const answer = await fetch(`${shop.system.sandbox.url}/v1/disputes/${reference}`, {
      headers: { authorization: 'Bearer sk_test_x' },
    })
    const { evidence } = (await answer.json()) as { evidence: Record<string, string | null> }
    expect(evidence).toMatchObject({
      uncategorized_text: 'It was left with a neighbour.',
      shipping_date: '2026-11-30',
      receipt: expect.stringMatching(/^file_/),
    })
    const after = await pageText(await visitor.get(`/dashboard/orders/${orderId}`))
    expect(after).toContain('receipt')
    expect(after).not.toContain('Send it to the bank')
  })
})
