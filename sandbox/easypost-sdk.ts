import Sdk from '@easypost/api'

type Rate = { id: string; service: string; rate: string; delivery_days: number }
type Shipment = {
  id: string
  status: string
  reference: string | null
  rates: Rate[]
  messages: unknown[]
  tracking_code: string
  selected_rate: Rate
  postage_label: { label_url: string; label_pdf_url: string | null }
  tracker: { id: string }
  lowestRate(): Rate
}

/** The calls of the official SDK that tests make; its own declarations do not fit an ES module import. */
export type EasypostSdk = {
  Shipment: {
    create(params: object): Promise<Shipment>
    retrieve(id: string): Promise<Shipment>
    buy(id: string, rate: Rate | string): Promise<Shipment>
    refund(id: string): Promise<Shipment>
    regenerateRates(id: string): Promise<{ rates: Rate[] }>
    convertLabelFormat(id: string, format: string): Promise<Shipment>
  }
  Tracker: { create(params: object): Promise<{ id: string; status: string }> }
  Utils: { validateWebhook(body: Buffer, headers: object, secret: string): unknown }
}

/** The official SDK pointed at a sandbox. */
export function easypostClient(sandboxUrl: string): EasypostSdk {
  const Client = Sdk as unknown as new (key: string, options: { baseUrl: string }) => EasypostSdk
  return new Client('EZTK_sandbox', { baseUrl: `${sandboxUrl}/easypost/v2/` })
}
