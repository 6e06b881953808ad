import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { createSigner } from '../platform/signing.ts'

const algorithm = 'aes-256-gcm'
const ivBytes = 12
const tagBytes = 16
const version = 'v1.'

/** Keeps endpoint secrets unreadable for whoever has only the database. */
export type SecretBox = {
  /** Encrypts a secret for one endpoint; the text cannot be moved to another row. */
  seal(secret: string, endpointId: string): string
  /** @throws SecretUnreadable when it was sealed with another `SIGNING_SECRET` or for another endpoint */
  open(sealed: string, endpointId: string): string
}

/** The installation's signing secret is not the one this was sealed with: the endpoint needs a new secret. */
export class SecretUnreadable extends Error {
  constructor(cause: unknown) {
    super('secret_unreadable', { cause })
  }
}

/** A secret in the format of Standard Webhooks: `whsec_` and the base64 of 32 random bytes. */
export const newEndpointSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`

/** AES-256-GCM under a key derived from the installation's signing secret, which is read with the first secret. */
export function createSecretBox(config: Parameters<typeof createSigner>[0]): SecretBox {
  const signer = createSigner(config, 'webhook endpoint secrets')
  let derived: Uint8Array | undefined
  const key = () => {
    derived ??= new Uint8Array(hkdfSync('sha256', signer.sign('key'), '', algorithm, 32))
    return derived
  }
  return {
    seal(secret, endpointId) {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv(algorithm, key(), iv).setAAD(Buffer.from(endpointId))
      const sealed = Buffer.concat([iv, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return version + sealed.toString('base64url')
    },
    open(sealed, endpointId) {
      const bytes = Buffer.from(sealed.slice(version.length), 'base64url')
      try {
        const decipher = createDecipheriv(algorithm, key(), bytes.subarray(0, ivBytes), { authTagLength: tagBytes })
          .setAAD(Buffer.from(endpointId))
          .setAuthTag(bytes.subarray(-tagBytes))
        return decipher.update(bytes.subarray(ivBytes, -tagBytes), undefined, 'utf8') + decipher.final('utf8')
      } catch (cause) {
        throw new SecretUnreadable(cause)
      }
    },
  }
}
