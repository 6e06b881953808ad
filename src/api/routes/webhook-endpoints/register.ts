import { createEndpointSecrets } from '../../../outgoing/endpoint-secret.ts'
import type { ApiApp } from '../../env.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { registerCreateEndpoint } from './create-endpoint.ts'
import { registerDeleteEndpoint } from './delete-endpoint.ts'
import type { EndpointParts } from './endpoint-route.ts'
import { registerListDeliveries } from './list-deliveries.ts'
import { registerReadEndpoints } from './read-endpoints.ts'
import { registerRecoverEvents } from './recover-events.ts'
import { registerRedeliver } from './redeliver.ts'
import { registerRotateSecret } from './rotate-secret.ts'
import { registerSendTestEvent } from './send-test-event.ts'
import { registerUpdateEndpoint } from './update-endpoint.ts'

/** `/v2/webhook-endpoints`: who is told about events, what arrived there, and sending it again. `/webhooks` is another name of it. */
export function registerWebhookEndpoints(app: ApiApp, apiParts: ApiParts): void {
  const parts: EndpointParts = { ...apiParts, secrets: createEndpointSecrets(apiParts.config) }
  registerCreateEndpoint(app, parts)
  registerReadEndpoints(app, parts)
  registerUpdateEndpoint(app, parts)
  registerDeleteEndpoint(app, parts)
  registerRotateSecret(app, parts)
  registerListDeliveries(app, parts)
  registerRedeliver(app, parts)
  registerRecoverEvents(app, parts)
  registerSendTestEvent(app, parts)
}
