import type { World } from '../world.ts'

/** Sends an event as EasyPost does: what it is about stands whole under `result`. */
export function sendEvent(
  { mintId, webhooks }: World,
  description: string,
  result: Record<string, unknown>,
  previous_attributes: Record<string, unknown> = {},
): void {
  const id = mintId('evt')
  const at = new Date()
  const event = {
    id,
    object: 'Event',
    description,
    mode: 'test',
    previous_attributes,
    created_at: at.toISOString(),
    updated_at: at.toISOString(),
    pending_urls: [],
    completed_urls: [],
    status: 'pending',
    user_id: 'user_sandbox',
    result,
  }
  const createdUnix = Math.floor(at.getTime() / 1_000)
  webhooks.publish({ id, provider: 'easypost', type: description, createdUnix, body: JSON.stringify(event) })
}
