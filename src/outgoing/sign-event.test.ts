import { createHmac } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { newEndpointSecret } from './endpoint-secret.ts'
import { signEvent } from './sign-event.ts'

// Removes the risk that merchants reject our events, or accept someone else's.
describe('signatures of events', () => {
  it('makes the published vector of Standard Webhooks', () => {
    const headers = signEvent(
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      '{"test": 2432232314}',
      ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
      new Date(1_614_265_330_000),
    )
    expect(headers['webhook-timestamp']).toBe('1614265330')
    expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
  })

  it('is accepted by the reference implementation with either secret of a rotation, and by no other', () => {
    const [current, previous, stranger] = [newEndpointSecret(), newEndpointSecret(), newEndpointSecret()]
    const body = '{"type":"order.accepted"}'
    const headers = signEvent('evt_1', body, [current, previous], new Date())
    for (const secret of [current, previous])
      expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body))
    expect(() => new Webhook(stranger).verify(body, headers)).toThrow()
    expect(() => new Webhook(current).verify(`${body} `, headers)).toThrow()
    expect(() => new Webhook(current).verify(body, { ...headers, 'webhook-id': 'evt_2' })).toThrow()
  })

  it('carries the header that receivers written for Digital River look at', () => {
    const secret = newEndpointSecret()
    const { 'DigitalRiver-Signature': header = '' } = signEvent('evt_1', '{}', [secret], new Date(1_700_000_000_000))
    const [timestamp, signature] = header.split(', ')
    expect(timestamp).toBe('1700000000')
    expect(signature).toBe(createHmac('sha256', secret).update('1700000000.{}').digest('base64'))
  })
})
