import type { Agent } from 'node:http'
import type { Breaker } from '../platform/breakers.ts'
import type { Config } from '../platform/config.ts'
import { createKeepAliveAgent } from '../platform/keep-alive-agent.ts'
import { ProviderError } from '../platform/provider-error.ts'

/** The calls used of the SDK, whose own declarations do not fit an ES module import. */
type Sdk = {
  Shipment: {
    create(params: object): Promise<unknown>
    retrieve(id: string): Promise<unknown>
    buy(id: string, rateId: string): Promise<unknown>
    refund(id: string): Promise<unknown>
    all(params: object): Promise<unknown>
  }
}
type Request = { agent(agent: Agent): Request }
type SdkClass = new (
  key: string,
  options: { baseUrl: string; timeout: number; requestMiddleware(request: Request): Request },
) => Sdk
export type ShipmentAnswer = {
  id: string
  reference?: string | null
  rates: {
    id: string
    carrier: string
    service: string
    rate: string
    currency: string
    delivery_days: number | null
  }[]
  selected_rate: { carrier: string; service: string; rate: string; currency: string } | null
  postage_label: { label_url: string } | null
  tracking_code: string | null
  refund_status?: string | null
  tracker: { id: string; public_url?: string | null } | null
}

export type EasypostClient = {
  /** @throws ProviderError for whatever goes wrong */
  call<Answer = ShipmentAnswer>(ask: (easypost: Sdk) => Promise<unknown>): Promise<Answer>
  /** A shipment by its id or its reference; undefined for one that EasyPost does not know. */
  retrieve(id: string): Promise<ShipmentAnswer | undefined>
}

/** EasyPost's SDK, loaded by the first call. */
export function createEasypostClient(
  settings: NonNullable<Config['easypost']>,
  timeoutMs: number,
  breaker: Breaker,
): EasypostClient {
  let sdk: Promise<Sdk> | undefined
  const agent = createKeepAliveAgent(settings.apiBase)
  const load = () => {
    sdk ??= import('@easypost/api').then(
      ({ default: Easypost }) =>
        new (Easypost as unknown as SdkClass)(settings.apiKey, {
          baseUrl: `${settings.apiBase.replace(/\/$/, '')}/`,
          timeout: timeoutMs,
          requestMiddleware: (request) => request.agent(agent),
        }),
    )
    return sdk
  }
  const call = async <Answer = ShipmentAnswer>(ask: (easypost: Sdk) => Promise<unknown>): Promise<Answer> => {
    const easypost = await load()
    return breaker.run(async () => {
      try {
        return (await ask(easypost)) as Answer
      } catch (error) {
        throw toProviderError(error)
      }
    })
  }
  const retrieve = (id: string) =>
    call((easypost) => easypost.Shipment.retrieve(id)).catch((error: ProviderError) => {
      if (isNotFound(error.cause)) return undefined
      throw error
    })
  return { call, retrieve }
}

/** Only an answered 4xx is definite. */
const isNotFound = (error: unknown): boolean => (error as { statusCode?: number } | undefined)?.statusCode === 404

function toProviderError(error: unknown): ProviderError {
  const { statusCode, code } = error as { statusCode?: number; code?: unknown }
  const name = typeof code === 'string' ? code : 'error'
  if (statusCode === 401 || statusCode === 403 || statusCode === 429)
    return new ProviderError('easypost', 'unavailable', name, { cause: error })
  // A request that timed out or met another may have been carried out.
  const undecided = statusCode === 408 || statusCode === 409 || statusCode === 425
  if (statusCode && statusCode >= 400 && statusCode < 500 && !undecided)
    return new ProviderError('easypost', 'refused', name, { cause: error })
  return new ProviderError('easypost', 'unknown', name, { cause: error, outage: !undecided })
}
