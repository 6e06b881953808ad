import type { Breakers } from '../platform/breakers.ts'
import type { Config } from '../platform/config.ts'
import { createEasypost, type ParcelCarrier } from './easypost.ts'
import { createPrintful, type PrintProvider } from './printful.ts'

/** Who carries parcels and who prints; undefined where no key is configured. */
export type Carriers = { parcels: ParcelCarrier | undefined; printer: PrintProvider | undefined }

export function createCarriers(config: Config, breakers: Breakers): Carriers {
  return {
    parcels: config.easypost && createEasypost(config.easypost, config.providerTimeoutMs, breakers.of('easypost')),
    printer: config.printful && createPrintful(config.printful, config.providerTimeoutMs, breakers.of('printful')),
  }
}
