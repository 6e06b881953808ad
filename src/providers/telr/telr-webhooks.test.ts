import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { TelrSettings } from './telr-settings.ts'
import { readTelrWebhook } from './telr-webhooks.ts'

const settings: TelrSettings = {
  store: '1234',
  authKey: 'key',
  remoteKey: 'key',
  service: undefined,
  webhookSecrets: ['another', 'telrsecret'],
  apiBase: 'http://127.0.0.1:1',
  test: true,
  certainAfterMs: 1_000,
}
const read = (form: Record<string, string> | string, more: Partial<TelrSettings> = {}) =>
  readTelrWebhook({ ...settings, ...more }, typeof form === 'string' ? form : new URLSearchParams(form).toString())
const refusal = (form: Record<string, string> | string) => {
  try {
    return read(form).type
  } catch (error) {
    return (error as { code?: string }).code
  }
}

/** Computed from the order of fields on which five implementations agree. */
const fields = {
  tran_store: '1234',
  tran_type: 'sale',
  tran_class: 'ecom',
  tran_test: '1',
  tran_ref: '010000000001',
  tran_prevref: '',
  tran_firstref: '010000000001',
  tran_currency: 'AED',
  tran_amount: '10.50',
  tran_cartid: 'ord_1',
  tran_desc: 'Order 1',
  tran_status: 'A',
  tran_authcode: '123456',
  tran_authmessage: 'Authorised',
}
const plain = { ...fields, tran_check: '3ce53d7772176b22feb67384d2886c7558080924' }
const withOrder = {
  ...fields,
  tran_order: 'telr-order-ref',
  tran_check: 'ea6781853b6bf446744dbc100dedf9828cb36530',
}
const order = [
  ...['store', 'type', 'class', 'test', 'ref', 'prevref', 'firstref', 'currency', 'amount', 'cartid', 'desc', 'status'],
  ...['authcode', 'authmessage'],
]
const signed = (changes: Record<string, string>) => {
  const form: Record<string, string> = { ...fields, tran_cartid: 'chg_1', ...changes }
  const text = ['telrsecret', ...order.map((name) => (form[`tran_${name}`] ?? '').trim())].join(':')
  return { ...form, tran_check: createHash('sha1').update(text).digest('hex') }
}

// Removes the risk that anybody's form is believed, or that one of Telr's is not.
describe('a transaction advice of Telr', () => {
  it('is verified over its fourteen fields, and over the order where that is sent', () => {
    expect(read(plain)).toMatchObject({ type: 'advice.sale.A', reference: undefined, liveMode: false })
    expect(read(withOrder)).toMatchObject({ type: 'advice.sale.A', reference: 'telr-order-ref' })
    expect(read({ ...plain, tran_check: plain.tran_check.toUpperCase() }).eventId).toBe('advice-010000000001-sale-A')
  })

  it.each([
    ['the fourteen fields', plain],
    ['the fields with the order', withOrder],
  ])('is refused with any byte of %s changed', (_, form) => {
    for (const [name, value] of Object.entries(form)) {
      for (let at = 0; at < value.length; at += 1) {
        const other = value[at] === '7' ? '8' : '7'
        expect([name, at, refusal({ ...form, [name]: value.slice(0, at) + other + value.slice(at + 1) })]).toEqual([
          name,
          at,
          'invalid_signature',
        ])
      }
      if (name !== 'tran_order' && value !== '') expect(refusal({ ...form, [name]: '' })).toBe('invalid_signature')
    }
    expect(refusal({ ...form, tran_check: '' })).toBe('invalid_signature')
    expect(refusal({ ...form, tran_check: 'a' })).toBe('invalid_signature')
  })

  it('names no order that somebody has added to what is signed', () => {
    expect(read({ ...plain, tran_order: 'another-order' }).reference).toBeUndefined()
  })

  it('is decoded once, and its fields are trimmed', () => {
    const tricky = signed({ tran_desc: 'Tea & cake 100%25 +1' })
    const body = `${new URLSearchParams({ ...tricky, tran_authmessage: ' Authorised ' })}`
    expect(read(body).body.tran_desc).toBe('Tea & cake 100%25 +1')
  })

  it('is of our charge only by the shape of its cart, and keeps nothing of the buyer', () => {
    expect(read(plain)).toMatchObject({ relevant: false, chargeId: undefined })
    const own = read({ ...signed({}), bill_email: 'ada@example.com', card_last4: '1111' })
    expect(own).toMatchObject({ relevant: true, chargeId: 'chg_1' })
    expect(JSON.stringify(own.body)).not.toMatch(/ada@|1111/)
    expect(read(signed({ tran_cartid: 'chg_1-att_2' })).chargeId).toBe('chg_1')
  })

  it('of another store, or without what it is about, is no event of ours', () => {
    expect(refusal(signed({ tran_store: '99' }))).toBe('invalid_event')
    expect(refusal(signed({ tran_ref: '' }))).toBe('invalid_event')
    expect(refusal(signed({ tran_status: '{}' }))).toBe('invalid_event')
  })

  it('tells tests from real money', () => {
    expect(read(signed({ tran_test: '0' })).liveMode).toBe(true)
    expect(read(signed({ tran_test: '1' })).liveMode).toBe(false)
  })
})

// Removes the risk that a form which nobody signs moves anything, or floods the inbox with what it may say.
describe('an update of Telr', () => {
  const update = { tran_cartid: 'chg_1', tran_ref: '01', tran_type: '1', tran_authstatus: 'A' }

  it('is a hint, and the same one whatever its sender varies', () => {
    const seen = read(update)
    expect(seen).toMatchObject({ hint: true, chargeId: 'chg_1', reference: undefined, body: {} })
    expect(read({ ...update, tran_ref: '02', anything: 'else' }).eventId).toBe(seen.eventId)
    expect(read({ ...update, tran_authstatus: 'anything' }).eventId).toBe(
      read({ ...update, tran_authstatus: '' }).eventId,
    )
  })

  it('says one of few things about one cart, or nothing', () => {
    for (const odd of [{}, { tran_cartid: 'chg_1' }, { ...update, tran_type: '9' }, { ...update, tran_cartid: '' }, ''])
      expect(refusal(odd as Record<string, string>)).toBe('invalid_signature')
    expect(refusal({ ...update, tran_cartid: 'x'.repeat(64) })).toBe('invalid_signature')
  })
})
