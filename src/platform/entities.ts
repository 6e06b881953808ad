import { IdempotencyKeyEntity } from '../api/idempotency-key.entity.ts'
import { SkuEntity } from '../catalog/sku.entity.ts'
import { CheckoutEntity, CheckoutItemEntity, ShippingRateEntity } from '../checkouts/checkout.entity.ts'
import { SellingEntityEntity } from '../checkouts/selling-entity.entity.ts'
import { CustomerEntity } from '../customers/customer.entity.ts'
import { TaxIdentifierEntity } from '../customers/tax-identifier.entity.ts'
import { RecipientEntity } from '../distribution/recipient.entity.ts'
import { LedgerEntryEntity, SplitEntity } from '../distribution/split.entity.ts'
import { DocumentNumberEntity, OrderDocumentEntity } from '../documents/document.entity.ts'
import { DownloadEntity, FileEntity } from '../documents/file.entity.ts'
import { FileLinkEntity } from '../documents/file-link.entity.ts'
import { ErasureEntity } from '../erasure/erasure.entity.ts'
import { DeniedPersonEntity } from '../fraud/denied-person.entity.ts'
import { FraudFindingEntity } from '../fraud/fraud-finding.entity.ts'
import { FraudSignalEntity } from '../fraud/fraud-signal.entity.ts'
import { FulfillmentEntity, ReturnEntity } from '../fulfillment/fulfillment.entity.ts'
import { DeliveryEntity, ShipmentEntity } from '../fulfillment/shipment.entity.ts'
import { LicenceKeyEntity, LinkEntity } from '../links/link.entity.ts'
import { ApiKeyEntity } from '../merchants/api-key.entity.ts'
import { MerchantEntity } from '../merchants/merchant.entity.ts'
import { MailEntity } from '../notifications/mail.entity.ts'
import { SessionEntity, UserEntity } from '../operators/user.entity.ts'
import { OrderEntity, OrderItemEntity, TimelineEntity } from '../orders/order.entity.ts'
import { ChargeEntity } from '../payments/charge.entity.ts'
import { ChargeEntryEntity } from '../payments/charge-entry.entity.ts'
import { DisputeEntity } from '../payments/dispute.entity.ts'
import { OperationEntity } from '../payments/operation.entity.ts'
import { RefundEntity } from '../payments/refund.entity.ts'
import { SourceEntity } from '../payments/source.entity.ts'
import { RestoreEntity } from '../recovery/restore.entity.ts'
import { TaxRateEntity } from '../tax/tax-rate.entity.ts'
import { InboxEventEntity } from '../webhooks/inbox-event.entity.ts'
import { EventSequenceEntity, OutgoingEventEntity } from '../webhooks/out/outgoing-event.entity.ts'
import { EventDeliveryEntity, WebhookEndpointEntity } from '../webhooks/out/webhook-endpoint.entity.ts'
import { TaskEntity } from './task.entity.ts'

/** Every table of the database; migrations are generated from this list. */
export const entities = [
  ApiKeyEntity,
  ChargeEntity,
  ChargeEntryEntity,
  CheckoutEntity,
  CheckoutItemEntity,
  CustomerEntity,
  DeliveryEntity,
  DeniedPersonEntity,
  DisputeEntity,
  EventDeliveryEntity,
  EventSequenceEntity,
  DocumentNumberEntity,
  DownloadEntity,
  ErasureEntity,
  FileEntity,
  FileLinkEntity,
  FraudFindingEntity,
  FraudSignalEntity,
  FulfillmentEntity,
  IdempotencyKeyEntity,
  InboxEventEntity,
  LedgerEntryEntity,
  LicenceKeyEntity,
  LinkEntity,
  MailEntity,
  MerchantEntity,
  OperationEntity,
  OrderDocumentEntity,
  OrderEntity,
  OrderItemEntity,
  OutgoingEventEntity,
  RecipientEntity,
  RefundEntity,
  RestoreEntity,
  ReturnEntity,
  SellingEntityEntity,
  SessionEntity,
  ShipmentEntity,
  ShippingRateEntity,
  SkuEntity,
  SourceEntity,
  SplitEntity,
  TaskEntity,
  TaxIdentifierEntity,
  TaxRateEntity,
  TimelineEntity,
  UserEntity,
  WebhookEndpointEntity,
] as const
