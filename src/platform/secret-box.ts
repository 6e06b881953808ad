import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { createSigner } from './signing.ts'

const algorithm = 'aes-256-gcm'
const ivBytes = 12
const tagBytes = 16
const version = 'v1.'

/** Keeps secrets unreadable for whoever has only the database. */
export type SecretBox = {
  /** Encrypts a secret for the row with this id; the text cannot be moved to another row. */
  seal(secret: string, rowId: string): string
  /** @throws SecretUnreadable when it was sealed with another `SIGNING_SECRET` or for another row */
  open(sealed: string, rowId: string): string
}

/** The installation's signing secret is not the one this was sealed with: a new secret is needed. */
export class SecretUnreadable extends Error {
  constructor(cause: unknown) {
    super('secret_unreadable', { cause })
  }
}

/** AES-256-GCM under a key derived from the installation's signing secret, which is read with the first secret; one for each purpose. */
export function createSecretBox(config: Parameters<typeof createSigner>[0], purpose: string): SecretBox {
  const signer = createSigner(config, purpose)
  let derived: Uint8Array | undefined
  const key = () => {
    derived ??= new Uint8Array(hkdfSync('sha256', signer.sign('key'), '', algorithm, 32))
    return derived
  }
  return {
    seal(secret, rowId) {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv(algorithm, key(), iv).setAAD(Buffer.from(rowId))
      const sealed = Buffer.concat([iv, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return version + sealed.toString('base64url')
    },
    open(sealed, rowId) {
      const bytes = Buffer.from(sealed.slice(version.length), 'base64url')
      try {
        const decipher = createDecipheriv(algorithm, key(), bytes.subarray(0, ivBytes), { authTagLength: tagBytes })
          .setAAD(Buffer.from(rowId))
          .setAuthTag(bytes.subarray(-tagBytes))
        return decipher.update(bytes.subarray(ivBytes, -tagBytes), undefined, 'utf8') + decipher.final('utf8')
      } catch (cause) {
        throw new SecretUnreadable(cause)
      }
    },
  }
}
