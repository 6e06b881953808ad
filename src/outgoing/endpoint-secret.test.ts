import { describe, expect, it } from 'vitest'
import { SecretUnreadable } from '../platform/secret-box.ts'
import { createEndpointSecrets, newEndpointSecret } from './endpoint-secret.ts'

const box = (signingSecret: string) => createEndpointSecrets({ signingSecret, dataDir: 'unused' })

// Removes the risk that a leaked dump of the database is enough to forge events.
describe('endpoint secrets', () => {
  const secrets = box('a signing secret of 32 characters')

  it('are 32 random bytes in the format of Standard Webhooks', () => {
    const secret = newEndpointSecret()
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(newEndpointSecret()).not.toBe(secret)
  })

  it('open again for their endpoint, also in another process', () => {
    const secret = newEndpointSecret()
    const sealed = secrets.seal(secret, 'whe_1')
    expect(sealed).not.toContain(secret.slice(6))
    expect(secrets.seal(secret, 'whe_1')).not.toBe(sealed)
    expect(box('a signing secret of 32 characters').open(sealed, 'whe_1')).toBe(secret)
  })

  it('do not open for another endpoint, under another signing secret, or after a change', () => {
    const sealed = secrets.seal(newEndpointSecret(), 'whe_1')
    expect(() => secrets.open(sealed, 'whe_2')).toThrow(SecretUnreadable)
    expect(() => box('another signing secret of 32 char').open(sealed, 'whe_1')).toThrow(SecretUnreadable)
    expect(() => secrets.open(`${sealed.slice(0, -2)}AA`, 'whe_1')).toThrow(SecretUnreadable)
    expect(() => secrets.open('v1.', 'whe_1')).toThrow(SecretUnreadable)
  })
})
