import type { Context } from 'hono'
import { z } from 'zod'
import { type BrandChanges, saveBrand } from '../../../files/save-brand.ts'
import { type BrandSettings, readBrandSettings } from '../../../merchants/brands.ts'
import { ApiError } from '../../../platform/errors.ts'
import { brandFields } from '../../brand-json.ts'
import { emptyForm, type FormState } from '../../pages/elements.ts'
import type { PageStatus } from '../../pages/page.ts'
import { brandPage } from '../../pages/seller/brand-page.ts'
import { sendDashboard } from './dashboard-session.ts'
import type { PageApp, PageEnv, PageParts } from './page-app.ts'
import { readForm, type SentForm } from './page-form.ts'

/** What the form calls what the API calls otherwise, and what to do about what is wrong with it. */
const fields = {
  displayName: ['display_name', 'Please use one line of at most 100 characters.'],
  accent: ['accent', 'Please enter a colour such as #1a6b34.'],
  supportEmail: ['support_email', 'Please enter an email address, such as help@example.com.'],
  termsUrl: ['terms_url', 'Please enter an address that begins with https://.'],
  privacyUrl: ['privacy_url', 'Please enter an address that begins with https://.'],
  imprint: ['imprint', 'Please use at most 2000 characters.'],
} as const satisfies Partial<Record<keyof BrandSettings, readonly [name: string, sentence: string]>>
type FieldName = keyof typeof fields
const fieldNames = Object.keys(fields) as FieldName[]

const formSchema = z.object(brandFields)

/** `/dashboard/brand`: name, logo, colour and the small print of a seller's pages. */
export function registerBrandPage(app: PageApp, parts: PageParts): void {
  const show = async (c: Context<PageEnv>, state: FormState | undefined, status: PageStatus = 200) => {
    const { merchantId, merchantName } = c.get('member')
    const saved = await readBrandSettings({ em: parts.database.em() }, merchantId)
    const page = brandPage({ state: state ?? { ...emptyForm, values: toValues(saved) }, saved, merchantName })
    return sendDashboard(c, 'brand', page, status)
  }

  app.get('/dashboard/brand', (c) => show(c, undefined))
  app.post('/dashboard/brand', async (c) => {
    const form = await readForm(c)
    const values = Object.fromEntries(fieldNames.map((field) => [fields[field][0], form.text(fields[field][0])]))
    const input = formSchema.safeParse(
      // A browser ends lines of a text area with two characters, which count as one in the form.
      Object.fromEntries(
        fieldNames.map((field) => [field, form.text(fields[field][0]).replaceAll('\r\n', '\n').trim() || null]),
      ),
    )
    if (!input.success) return show(c, { values, errors: errorsOf(input.error) }, 400)
    try {
      await saveBrand(parts, c.get('member').merchantId, { ...input.data, ...logoIn(form) })
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'picture_refused') throw error
      return show(c, { values, errors: { logo: error.message } }, 400)
    }
    return c.redirect('/dashboard/brand?done=brand-saved', 303)
  })
}

/** A new picture counts before the wish to have none. */
function logoIn(form: SentForm): Pick<BrandChanges, 'logo'> {
  const logo = form.file('logo')
  if (logo) return { logo }
  return form.text('remove_logo') === '1' ? { logo: null } : {}
}

const toValues = (saved: BrandSettings): FormState['values'] =>
  Object.fromEntries(fieldNames.map((field) => [fields[field][0], saved[field] ?? '']))

const errorsOf = (error: z.ZodError): FormState['errors'] =>
  Object.fromEntries(
    error.issues.flatMap(({ path: [name] }) =>
      fieldNames.filter((field) => field === name).map((field) => [fields[field][0], fields[field][1]]),
    ),
  )
