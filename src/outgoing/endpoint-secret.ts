import { randomBytes } from 'node:crypto'
import { createSecretBox, type SecretBox } from '../platform/secret-box.ts'

/** A secret in the format of Standard Webhooks: `whsec_` and the base64 of 32 random bytes. */
export const newEndpointSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`

/** Keeps the secrets of webhook endpoints. */
export const createEndpointSecrets = (config: Parameters<typeof createSecretBox>[0]): SecretBox =>
  createSecretBox(config, 'webhook endpoint secrets')
