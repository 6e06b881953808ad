import { defineEntity, p } from '@mikro-orm/postgresql'

/** A mail to a buyer. Its text is rendered when it is sent; its id is the message id, so a second copy can be told. */
export const MailEntity = defineEntity({
  name: 'Mail',
  tableName: 'mails',
  properties: {
    id: p.text().primary(),
    merchantId: p.text(),
    orderId: p.text().index(),
    kind: p.enum(['delivery'] as const),
    /** `kept`: no mail server is configured; it can be read, but nobody was sent it. */
    state: p.enum(['pending', 'sent', 'kept'] as const).default('pending'),
    taskId: p.text().unique(),
    createdAt: p.datetime().defaultRaw('now()'),
    sentAt: p.datetime().nullable(),
  },
})
