import { iso } from '../../database/database.ts'
import { toMajor } from '../../platform/money.ts'

/** The reader's first language of an `Accept-Language` header that the platform can format; English without one. */
export function localeOf(acceptLanguage: string | undefined): string {
  for (const entry of (acceptLanguage ?? '').split(',')) {
    const tag = entry.split(';', 1)[0]?.trim() ?? ''
    if (!/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/.test(tag)) continue
    try {
      if (Intl.NumberFormat.supportedLocalesOf(tag).length > 0) return tag
    } catch {
      // Looks like a language, but is none: the next one counts.
    }
  }
  return 'en'
}

/** A reader's language as orders keep it: `de-AT` is `de_AT`, and of what says more only language and country count. */
export function orderLocaleOf(acceptLanguage: string | undefined): string {
  const { language, region } = new Intl.Locale(localeOf(acceptLanguage))
  return region ? `${language}_${region}` : language
}

/** An amount of minor units as a person writes it: 1250 USD in German is "12,50 $". */
export const formatMoney = (minor: number, currency: string, locale: string): string =>
  new Intl.NumberFormat(locale, { style: 'currency', currency }).format(toMajor(minor, currency))

/** A moment in the reader's notation, in UTC. */
export const formatTime = (time: string | Date, locale: string): string =>
  `${new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }).format(new Date(iso(time)))} UTC`
