import { definitionOf } from './tax-identifier-types.ts'

/** What Stripe calls the types that are no VAT numbers of the European Union. https://docs.stripe.com/billing/customer/tax-ids */
const names: Record<string, string> = {
  ae: 'ae_trn',
  au: 'au_abn',
  bh: 'bh_vat',
  br: 'br_cnpj',
  by: 'by_tin',
  ca: 'ca_gst_hst',
  ch: 'ch_uid',
  cl: 'cl_tin',
  co: 'co_nit',
  id: 'id_npwp',
  in: 'in_gst',
  is: 'is_vat',
  jp: 'jp_cn',
  jp_offshore: 'jp_trn',
  ke: 'ke_pin',
  kr_offshore: 'kr_brn',
  mx: 'mx_rfc',
  my: 'my_sst',
  no: 'no_vat',
  nz: 'nz_gst',
  ph: 'ph_tin',
  ru: 'ru_inn',
  ru_natural: 'ru_inn',
  sa: 'sa_vat',
  sg: 'sg_gst',
  th: 'th_vat',
  tr: 'tr_tin',
  tw: 'tw_vat',
  tw_offshore: 'tw_vat',
  ua: 'ua_vat',
  uk: 'gb_vat',
  za: 'za_vat',
}

/** A business's tax identifier as Stripe takes it, or undefined for a type that Stripe does not know. */
export function toStripeTaxId({ type, value }: { type: string; value: string }) {
  if (definitionOf(type)?.register?.name === 'vies') return { type: 'eu_vat', value }
  const name = names[type]
  if (!name) return undefined
  // Norway's number is a VAT number only with these letters behind it.
  return { type: name, value: name === 'no_vat' ? `${value}MVA` : value }
}
