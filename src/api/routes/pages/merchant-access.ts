import type { Context } from 'hono'
import { z } from 'zod'
import { setCommission } from '../../../merchants/commission.ts'
import { inviteUser, listMerchantAccess } from '../../../operators/users.ts'
import { ApiError } from '../../../platform/errors.ts'
import { requireOperator } from '../../middleware/require-operator.ts'
import { emptyForm, type FormState } from '../../pages/elements.ts'
import { merchantAccessPage } from '../../pages/merchant-access-page.ts'
import { type PageStatus, sendPage } from '../../pages/page.ts'
import { secretPage } from '../../pages/seller/secret-page.ts'
import type { PageApp, PageParts } from './page-app.ts'
import { readForm, toErrors } from './page-form.ts'

const address = z.email().max(254)
const whole = (max: number) =>
  z.preprocess((text) => (text === '' ? null : text), z.coerce.number().int().min(0).max(max).nullable())
const commission = z.object({ commissionBps: whole(10_000), commissionFixed: whole(1_000_000) })

/** `/ops/merchants`: an operator opens a merchant's dashboard for its first person. */
export function registerMerchantAccess(app: PageApp, parts: PageParts): void {
  const { sql } = parts.database
  const operatorOnly = requireOperator(parts)
  const show = async (c: Context, state: FormState, status: PageStatus = 200) =>
    sendPage(c, merchantAccessPage({ merchants: await listMerchantAccess(sql), state }), status)

  app.get('/ops/merchants', operatorOnly, (c) => show(c, emptyForm))

  app.post('/ops/merchants/:id/commission', operatorOnly, async (c) => {
    const form = await readForm(c)
    const rates = commission.safeParse({ commissionBps: form.text('bps'), commissionFixed: form.text('fixed') })
    if (!rates.success) return show(c, { values: {}, errors: { form: 'Please give whole numbers, or nothing.' } }, 400)
    const merchantId = c.req.param('id')
    await setCommission(sql, { merchantId, ...rates.data })
    parts.log.info({ operatorId: c.get('operator').userId, merchantId }, 'commission set')
    return c.redirect('/ops/merchants', 303)
  })

  app.post('/ops/merchants', operatorOnly, async (c) => {
    const form = await readForm(c)
    const values = { merchant: form.text('merchant'), email: form.text('email').trim() }
    const refuse = (errors: FormState['errors']) => show(c, { values, errors }, 400)
    if (!address.safeParse(values.email).success) return refuse({ email: 'Please enter an email address.' })
    try {
      const invited = await inviteUser(sql, { merchantId: values.merchant, email: values.email })
      parts.log.info({ operatorId: c.get('operator').userId, invitedId: invited.id }, 'dashboard user invited')
      const sentence = `Hand it over on a safe way. ${invited.email} signs in with it at ${parts.config.publicUrl}/dashboard and changes it there.`
      const page = { title: `Password of ${invited.email}`, sentence, secret: invited.password, back: '/ops/merchants' }
      return sendPage(c, { ...secretPage(page), scripts: ['actions'] })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.code === 'not_found') return refuse({ merchant: 'Please choose a merchant.' })
      return refuse(toErrors(error))
    }
  })
}
