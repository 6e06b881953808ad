import { createHmac } from 'node:crypto'

/**
 * Headers of one attempt: Standard Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature`) and, for receivers
 * written for Digital River, `DigitalRiver-Signature`. The id stays, the timestamp is the attempt's.
 * @param secrets the current one first; a rotated one signs too until it has expired
 */
export function signEvent(
  eventId: string,
  body: string,
  secrets: readonly [string, ...string[]],
  at: Date,
): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000))
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
    return `v1,${createHmac('sha256', key).update(`${eventId}.${timestamp}.${body}`).digest('base64')}`
  })
  // Digital River's receivers use the secret as they see it; there is no room for a second signature.
  const digitalRiver = createHmac('sha256', secrets[0]).update(`${timestamp}.${body}`).digest('base64')
  return {
    'webhook-id': eventId,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
    'DigitalRiver-Signature': `${timestamp}, ${digitalRiver}`,
  }
}
