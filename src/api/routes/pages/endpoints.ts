import type { Context } from 'hono'
import { z } from 'zod'
import { listDeliveries, readDelivery, redeliver, sendTestEvent } from '../../../outgoing/deliveries.ts'
import {
  createEndpoint,
  deleteEndpoint,
  listEndpoints,
  readEndpoint,
  readEndpointSecret,
  requireSafeUrl,
  updateEndpoint,
} from '../../../outgoing/endpoints.ts'
import { completeEvents, readEvent, toEnvelope } from '../../../outgoing/events.ts'
import { ApiError } from '../../../platform/errors.ts'
import { isLive } from '../../../providers/providers.ts'
import { createEventObjects } from '../../event-objects.ts'
import { emptyForm, type FormState } from '../../pages/elements.ts'
import type { PageStatus } from '../../pages/page.ts'
import { confirmPage } from '../../pages/seller/confirm-page.ts'
import { deliveryPage } from '../../pages/seller/delivery-page.ts'
import { endpointListPage, endpointPage } from '../../pages/seller/endpoint-pages.ts'
import { secretPage } from '../../pages/seller/secret-page.ts'
import { descriptionSchema, typesSchema, urlSchema } from '../webhook-endpoints/endpoint-json.ts'
import { sendDashboard } from './dashboard-session.ts'
import type { PageApp, PageEnv, PageParts } from './page-app.ts'
import { act, readForm, toErrors } from './page-form.ts'

const pageSize = 25
const shownEndpoints = 100
const inputSchema = z.object({ url: urlSchema, types: typesSchema, description: descriptionSchema })

const idOf = (c: Context) => c.req.param('id') ?? ''
const pathOf = (c: Context) => `/dashboard/webhooks/${idOf(c)}`

/** `/dashboard/webhooks`: who is told about events, what was sent there, and sending it again. */
export function registerEndpoints(app: PageApp, parts: PageParts): void {
  addList(app, parts)
  addEndpoint(app, parts)
  addDelivery(app, parts)
  addButtons(app, parts)
  addRemoval(app, parts)
}

function addList(app: PageApp, parts: PageParts): void {
  const { sql } = parts.database

  const show = async (c: Context<PageEnv>, state: FormState, chosenTypes: string[], status: PageStatus = 200) => {
    const { endpoints } = await listEndpoints(sql, c.get('member').merchantId, { limit: shownEndpoints })
    return sendDashboard(
      c,
      'webhooks',
      endpointListPage({ member: c.get('member'), endpoints, state, chosenTypes }),
      status,
    )
  }

  app.get('/dashboard/webhooks', (c) => show(c, emptyForm, []))

  app.post('/dashboard/webhooks', async (c) => {
    const { merchantId } = c.get('member')
    const form = await readForm(c)
    const values = { url: form.text('url').trim(), description: form.text('description').trim() }
    const types = form.all('types')
    const input = inputSchema.safeParse({ ...values, types: types.length > 0 ? types : ['*'] })
    try {
      if (!input.success) return show(c, { values, errors: toErrors(input.error) }, types, 400)
      await requireSafeUrl(input.data.url, parts.config.webhooks)
      const fields = { ...input.data, merchantId, description: input.data.description || null }
      const { id } = await createEndpoint(sql, parts.secrets, fields)
      return sendDashboard(
        c,
        'webhooks',
        secretPage({
          title: 'The signing secret of your endpoint',
          sentence: 'Your receiver checks with it that an event comes from here, by the Standard Webhooks scheme.',
          secret: await readEndpointSecret(sql, parts.secrets, merchantId, id),
          back: `/dashboard/webhooks/${id}`,
        }),
      )
    } catch (error) {
      if (!(error instanceof ApiError) || error.parameter !== 'url') throw error
      const errors = { url: 'Please enter an address that can be reached from the internet.' }
      return show(c, { values, errors }, types, 400)
    }
  })
}

function addEndpoint(app: PageApp, parts: PageParts): void {
  const { sql } = parts.database

  app.get('/dashboard/webhooks/:id', async (c) => {
    const member = c.get('member')
    const endpoint = await readEndpoint(sql, member.merchantId, idOf(c))
    const after = c.req.query('after') || undefined
    const page = { limit: pageSize, startingAfter: after }
    const list = await listDeliveries(sql, member.merchantId, endpoint.id, page)
    if (!list) throw new ApiError('not_found')
    const { deliveries, hasMore } = list
    const older = hasMore ? deliveries.at(-1)?.id : undefined
    return sendDashboard(c, 'webhooks', endpointPage({ member, endpoint, deliveries, older, after }))
  })
}

/** What is sent, and what was answered. */
function addDelivery(app: PageApp, parts: PageParts): void {
  const { sql } = parts.database
  const objects = createEventObjects(parts.config)

  app.get('/dashboard/webhooks/:id/deliveries/:delivery', async (c) => {
    const member = c.get('member')
    const { merchantId } = member
    const endpoint = await readEndpoint(sql, merchantId, idOf(c))
    const which = { merchantId, endpointId: endpoint.id, deliveryId: c.req.param('delivery') }
    const delivery = await readDelivery(sql, which)
    const stored = await readEvent(sql, merchantId, delivery.eventId)
    const [event] = stored ? await completeEvents(sql, [stored], objects) : []
    return sendDashboard(c, 'webhooks', deliveryPage({ member, endpoint, delivery, event: event && toEnvelope(event) }))
  })
}

/** Turn it on and off, send a test, send a delivery again. */
function addButtons(app: PageApp, parts: PageParts): void {
  app.post('/dashboard/webhooks/:id/enabled', async (c) => {
    const enabled = (await readForm(c)).text('enabled') === 'yes'
    return act(c, { path: pathOf(c), done: enabled ? 'endpoint-on' : 'endpoint-off' }, () =>
      updateEndpoint(parts.database.sql, c.get('member').merchantId, idOf(c), { enabled }),
    )
  })
  app.post('/dashboard/webhooks/:id/test', (c) =>
    act(c, { path: pathOf(c), done: 'test-sent' }, () =>
      sendTestEvent(parts, c.get('member').merchantId, idOf(c), { liveMode: isLive(parts.providers) }),
    ),
  )
  app.post('/dashboard/webhooks/:id/deliveries/:delivery/redeliver', (c) =>
    act(c, { path: pathOf(c), done: 'redelivered' }, () =>
      redeliver(parts, c.get('member').merchantId, idOf(c), c.req.param('delivery')),
    ),
  )
}

function addRemoval(app: PageApp, parts: PageParts): void {
  const { sql } = parts.database

  app.get('/dashboard/webhooks/:id/remove', async (c) => {
    const endpoint = await readEndpoint(sql, c.get('member').merchantId, idOf(c))
    return sendDashboard(
      c,
      'webhooks',
      confirmPage({
        title: 'Remove this endpoint?',
        sentence: `${endpoint.url} is not told any more, and what was sent to it is forgotten.`,
        button: 'Remove',
        action: `${pathOf(c)}/remove`,
        back: pathOf(c),
      }),
    )
  })
  app.post('/dashboard/webhooks/:id/remove', (c) =>
    act(c, { path: '/dashboard/webhooks', done: 'removed' }, () =>
      deleteEndpoint(sql, c.get('member').merchantId, idOf(c)),
    ),
  )
}
