import { LRUCache } from 'lru-cache'
import { iso } from '../database/database.ts'
import type { Party } from '../parties/address.ts'
import { addressLines } from '../parties/address-lines.ts'
import { toMajor } from '../platform/money.ts'
import type { MailBlock } from './mail-content.ts'
import type { MailOrder } from './mail-order.ts'
import { type LabelName, languageOf, type MailLanguage, type MailTexts } from './mail-texts.ts'

/** An amount in minor units of the order's currency, and moments, as the order's reader writes them. */
export type Formats = MailLanguage & {
  money: (minor: number) => string
  date: (time: string | Date) => string
  moment: (time: string | Date) => string
}

// Making formatters costs more than all else that writing a mail does.
const known = new LRUCache<string, Formats>({ max: 500 })

export function formatsOf({ locale, currency }: Pick<MailOrder, 'locale' | 'currency'>): Formats {
  const key = `${locale} ${currency}`
  const formats = known.get(key) ?? newFormats(languageOf(locale), currency)
  known.set(key, formats)
  return formats
}

function newFormats(language: MailLanguage, currency: string): Formats {
  const { locale } = language
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' })
  const minute = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })
  const amount = new Intl.NumberFormat(locale, { style: 'currency', currency })
  return {
    ...language,
    money: (minor) => amount.format(toMajor(minor, currency)),
    date: (time) => day.format(new Date(iso(time))),
    moment: (time) => `${minute.format(new Date(iso(time)))} UTC`,
  }
}

export type Fact = readonly [label: LabelName, value: string | undefined]

/** Labels and values; what is not known is left out. */
export const facts = (texts: MailTexts, rows: readonly Fact[]): MailBlock => ({
  type: 'facts',
  rows: rows.flatMap(([label, value]) => (value ? [[texts.labels[label], value] as const] : [])),
})

/** A postal address as it stands on an envelope. */
export function addressOf(party: Party | null, { locale }: Pick<Formats, 'locale'>): string | undefined {
  if (!party) return
  const { country } = party.address ?? {}
  const land = country && (new Intl.DisplayNames(locale, { type: 'region' }).of(country) ?? country)
  return [party.name, party.organization, ...addressLines(party.address), land].filter(Boolean).join('\n')
}
