// Risk removed: webhooks that only our own code can verify.
import { describe, expect, test } from 'vitest'
import { bonumSignature, easypostSignature, printfulSignature, stripeSignature } from '../../sandbox/signatures.ts'
import { document, documentsPresent, textDocument } from './documents.ts'

const present = documentsPresent('Webhook signatures')

type Vector = {
  provider: string
  secret: string
  headers: Record<string, string>
  body: string
  bodyFile?: string
  timestamp: number
}

describe.skipIf(!present)('the sandbox signs as the vectors say', () => {
  const vector = (provider: string): Vector => {
    const found = document<Vector[]>('webhook-vectors.json').find((candidate) => candidate.provider === provider)
    if (!found) throw new Error(`There is no vector for ${provider}`)
    return found
  }

  test('Stripe', () => {
    const { secret, body, timestamp, headers } = vector('stripe')
    expect(stripeSignature(secret, body, timestamp)).toEqual(headers)
  })

  test('EasyPost, the official vector with a secret that is not ASCII', () => {
    const { secret, headers } = vector('easypost')
    expect(easypostSignature(secret, textDocument('easypost/fixtures/event-body.json').replace(/\n$/, ''))).toEqual(
      headers,
    )
  })

  test('Printful', () => {
    const { secret, body, headers } = vector('printful-v2')
    expect(printfulSignature(secret, body)).toEqual(headers)
  })

  test('Bonum', () => {
    const { secret, body, headers } = vector('bonum-gateway')
    expect(bonumSignature(secret, body)).toEqual(headers)
  })
})
