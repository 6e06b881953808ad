import { defineEntity, p } from '@mikro-orm/postgresql'
import { mailKinds } from '../../queues/catalog.ts'
import type { TablesOf } from '../database/tables.ts'

export const mailStates = ['pending', 'sent', 'kept', 'withheld'] as const
export type MailState = (typeof mailStates)[number]
export type MailKind = (typeof mailKinds)[number]

/** A mail to a buyer as it was written, once; its id is the message id, so a second copy can be told. */
export const MailEntity = defineEntity({
  name: 'Mail',
  tableName: 'mails',
  properties: {
    id: p.text().primary(),
    merchantId: p.text(),
    orderId: p.text().index(),
    kind: p.enum(mailKinds),
    /**
     * `kept`: no mail server is configured, or its person was forgotten; it can be read, but nobody was sent it.
     * `withheld`: its recipient was mailed often enough about orders that nobody has paid.
     */
    state: p.enum(mailStates).default('pending'),
    taskId: p.text().unique(),
    /** Null, like what it says, once its person was forgotten. */
    recipient: p.text().nullable(),
    replyTo: p.text().nullable(),
    subject: p.text().nullable(),
    text: p.text().nullable(),
    html: p.text().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
    sentAt: p.datetime().nullable(),
  },
  indexes: [{ properties: ['createdAt'] }, { properties: ['recipient', 'createdAt'] }],
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof MailEntity> {}
}
