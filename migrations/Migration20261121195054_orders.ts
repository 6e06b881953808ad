import { Migration } from '@mikro-orm/migrations'

export class Migration20261121195054_orders extends Migration {
  override name = 'Migration20261121195054_orders'

  override up(): void | Promise<void> {
    this.addSql(
      `create table "api_keys" ("id" text not null, "merchant_id" text not null, "kind" text not null, "hash" text not null, "hint" text not null, "created_at" timestamptz not null default now(), "revoked_at" timestamptz null, primary key ("id"));`,
    )
    this.addSql(`create index "api_keys_merchant_id_index" on "api_keys" ("merchant_id");`)
    this.addSql(`alter table "api_keys" add constraint "api_keys_hash_unique" unique ("hash");`)
    this.addSql(
      `alter table "api_keys" add constraint "api_keys_kind_check" check ("kind" in ('secret', 'publishable'));`,
    )

    this.addSql(
      `create table "charges" ("id" text not null, "order_id" text not null, "method" text not null, "provider" text not null, "provider_reference" text null, "provider_charge_id" text null, "currency" text not null, "amount" bigint not null, "state" text not null, "state_transitions" jsonb not null, "client_secret" text null, "checkout_url" text null, "return_url" text null, "source_id" uuid null, "capture_method" text not null default 'automatic', "multicapture" boolean not null default false, "authorized_until" timestamptz null, "next_action" jsonb null, "type" text not null default 'customer_initiated', "captured_amount" bigint not null default '0', "cancelled_amount" bigint not null default '0', "refunded_amount" bigint not null default '0', "failure_code" text null, "failure_message" text null, "next_check_at" timestamptz null, "checks" int not null default 0, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), primary key ("id"));`,
    )
    this.addSql(`create index "charges_order_id_index" on "charges" ("order_id");`)
    this.addSql(`create unique index charges_live on charges (order_id) where state in ('pending', 'failed');`)
    this.addSql(`create index charges_next_check on charges (next_check_at) where next_check_at is not null;`)
    this.addSql(
      `alter table "charges" add constraint "charges_provider_reference" unique ("provider", "provider_reference");`,
    )
    this.addSql(
      `alter table "charges" add constraint "charges_captured" check (captured_amount + cancelled_amount <= amount);`,
    )
    this.addSql(`alter table "charges" add constraint "charges_refunded" check (refunded_amount <= captured_amount);`)
    this.addSql(
      `alter table "charges" add constraint "charges_state_check" check ("state" in ('pending', 'failed', 'capturable', 'processing', 'complete', 'cancelled'));`,
    )
    this.addSql(
      `alter table "charges" add constraint "charges_capture_method_check" check ("capture_method" in ('automatic', 'manual'));`,
    )
    this.addSql(
      `alter table "charges" add constraint "charges_type_check" check ("type" in ('customer_initiated', 'merchant_initiated', 'moto'));`,
    )

    this.addSql(
      `create table "charge_entries" ("id" text not null, "charge_id" text not null, "order_id" text not null, "kind" text not null, "amount" bigint not null, "state" text not null default 'pending', "order_item_id" text null, "fulfillment_id" text null, "refund_id" text null, "operation_id" text null, "failure_code" text null, "failure_message" text null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), primary key ("id"));`,
    )
    this.addSql(`create index "charge_entries_charge_id_index" on "charge_entries" ("charge_id");`)
    this.addSql(`create index "charge_entries_order_id_index" on "charge_entries" ("order_id");`)
    this.addSql(
      `create index charge_entries_undecided on charge_entries (created_at) where kind = 'refund' and state in ('pending', 'pending_information');`,
    )
    this.addSql(`alter table "charge_entries" add constraint "charge_entries_positive" check (amount > 0);`)
    this.addSql(
      `alter table "charge_entries" add constraint "charge_entries_kind_check" check ("kind" in ('capture', 'cancel', 'refund'));`,
    )
    this.addSql(
      `alter table "charge_entries" add constraint "charge_entries_state_check" check ("state" in ('pending', 'pending_information', 'complete', 'failed'));`,
    )

    this.addSql(
      `create table "checkouts" ("id" uuid not null, "merchant_id" text not null, "currency" text not null, "email" text null, "kind" text not null default 'cart', "customer_id" text null, "locale" text not null default 'en_US', "ship_to" jsonb null, "bill_to" jsonb null, "shipping_choice" jsonb null, "attribution" jsonb null, "metadata" jsonb not null, "details" jsonb null, "tax_inclusive" boolean not null default false, "customer_type" text not null default 'individual', "tax_identifier_ids" jsonb null, "selling_entity" jsonb null, "source_id" uuid null, "subtotal" bigint not null default '0', "total_tax" bigint not null default '0', "total_duty" bigint not null default '0', "total_fees" bigint not null default '0', "total_discount" bigint not null default '0', "total_shipping" bigint not null default '0', "total_amount" bigint not null default '0', "locked_at" timestamptz null, "deleted_at" timestamptz null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), primary key ("id"));`,
    )
    this.addSql(`create index "checkouts_merchant_id_index" on "checkouts" ("merchant_id");`)
    this.addSql(`alter table "checkouts" add constraint "checkouts_kind_check" check ("kind" in ('cart', 'checkout'));`)
    this.addSql(
      `alter table "checkouts" add constraint "checkouts_customer_type_check" check ("customer_type" in ('individual', 'business'));`,
    )

    this.addSql(
      `create table "checkout_items" ("id" text not null, "checkout_id" uuid not null, "sku_id" text null, "product" jsonb null, "quantity" int not null, "unit_price" bigint not null, "affiliate_bps" int null, "commission_bps" int null, "position" int not null, "discount" jsonb null, "subscription" jsonb null, "ship_from" jsonb null, "metadata" jsonb null, "aggregate_price" bigint null, "amount" bigint null, "tax_rate" double precision not null default 0, "tax_amount" bigint not null default '0', "shipping_amount" bigint not null default '0', "shipping_tax_amount" bigint not null default '0', "duty_amount" bigint not null default '0', "fee_amount" bigint not null default '0', "fee_tax_amount" bigint not null default '0', primary key ("id"));`,
    )
    this.addSql(`create index "checkout_items_checkout_id_index" on "checkout_items" ("checkout_id");`)

    this.addSql(
      `create table "customers" ("merchant_id" text not null, "id" text not null, "email" text null, "shipping" jsonb null, "locale" text null, "type" text not null default 'individual', "enabled" boolean not null default true, "default_source_id" uuid null, "provider_references" jsonb not null default '{}', "request_to_be_forgotten" boolean not null default false, "metadata" jsonb not null, "live_mode" boolean not null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), "deleted_at" timestamptz null, primary key ("merchant_id", "id"));`,
    )
    this.addSql(`create index "customers_merchant_id_created_at_index" on "customers" ("merchant_id", "created_at");`)
    this.addSql(
      `alter table "customers" add constraint "customers_type_check" check ("type" in ('individual', 'business'));`,
    )

    this.addSql(
      `create table "deliveries" ("id" text not null, "order_id" text not null, "order_item_id" text not null, "content_type" text not null, "content" text not null, "download_count" int not null default 0, "download_limit" int null, "state" text not null default 'delivered', "delivered_at" timestamptz not null default now(), primary key ("id"));`,
    )
    this.addSql(`create index "deliveries_order_id_index" on "deliveries" ("order_id");`)
    this.addSql(`alter table "deliveries" add constraint "deliveries_order_item_id_unique" unique ("order_item_id");`)
    this.addSql(
      `alter table "deliveries" add constraint "deliveries_content_type_check" check ("content_type" in ('file', 'link', 'text'));`,
    )
    this.addSql(
      `alter table "deliveries" add constraint "deliveries_state_check" check ("state" in ('delivered', 'revoked'));`,
    )

    this.addSql(
      `create table "denied_persons" ("list" text not null, "entry_number" text not null, "name" text not null, "type" text null, "program" text null, "remarks" text null, "aliases" jsonb not null, "addresses" jsonb not null, "sound_keys" text[] not null, "imported_at" timestamptz not null default now(), primary key ("list", "entry_number"));`,
    )
    this.addSql(`create index denied_persons_sound on denied_persons using gin (sound_keys) with (fastupdate = off);`)

    this.addSql(
      `create table "document_numbers" ("owner_id" text not null, "selling_entity_id" text not null, "kind" text not null, "live_mode" boolean not null, "last_number" bigint not null, primary key ("owner_id", "selling_entity_id", "kind", "live_mode"));`,
    )
    this.addSql(
      `alter table "document_numbers" add constraint "document_numbers_kind_check" check ("kind" in ('invoice', 'credit_memo'));`,
    )

    this.addSql(
      `create table "downloads" ("token_hash" text not null, "delivery_id" text not null, "file_id" text not null, "at" timestamptz not null default now(), primary key ("token_hash"));`,
    )
    this.addSql(`create index "downloads_delivery_id_index" on "downloads" ("delivery_id");`)

    this.addSql(
      `create table "erasures" ("id" text not null, "merchant_id" text not null, "order_id" text null, "customer_id" text null, "rounds" int not null default 1, "next_round_at" timestamptz not null default now() + interval '1 minute', "report" jsonb null, "requested_at" timestamptz not null default now(), "done_at" timestamptz null, primary key ("id"));`,
    )
    this.addSql(`create index "erasures_merchant_id_id_index" on "erasures" ("merchant_id", "id");`)
    this.addSql(
      `create unique index erasures_open on erasures (merchant_id, coalesce(order_id, ''), coalesce(customer_id, '')) where done_at is null;`,
    )
    this.addSql(`create index erasures_waiting on erasures (next_round_at) where done_at is null;`)
    this.addSql(
      `alter table "erasures" add constraint "erasures_subject" check (num_nonnulls(order_id, customer_id) = 1);`,
    )

    this.addSql(
      `create table "event_deliveries" ("id" text not null, "event_id" text not null, "endpoint_id" text not null, "state" text not null default 'pending', "attempts" int not null default 0, "attempt_log" jsonb not null default '[]', "claimed_until" timestamptz null, "next_attempt_at" timestamptz null, "delivered_at" timestamptz null, "created_at" timestamptz not null default now(), primary key ("id"));`,
    )
    this.addSql(`create index "event_deliveries_event_id_index" on "event_deliveries" ("event_id");`)
    this.addSql(`create index "event_deliveries_endpoint_id_id_index" on "event_deliveries" ("endpoint_id", "id");`)
    this.addSql(`create index event_deliveries_failed on event_deliveries (endpoint_id, id) where state = 'failed';`)
    this.addSql(
      `alter table "event_deliveries" add constraint "event_deliveries_state_check" check ("state" in ('pending', 'delivered', 'failed'));`,
    )

    this.addSql(
      `create table "event_sequences" ("order_id" text not null, "last_sequence" int not null, primary key ("order_id"));`,
    )

    this.addSql(
      `create table "files" ("id" text not null, "merchant_id" text not null, "storage_key" text not null, "filename" text not null, "size" bigint null, "content_type" text null, "sha256" text null, "state" text not null default 'pending', "purpose" text null, "title" text null, "order_id" text null, "live_mode" boolean not null default false, "created_at" timestamptz not null default now(), primary key ("id"));`,
    )
    this.addSql(`create index "files_merchant_id_index" on "files" ("merchant_id");`)
    this.addSql(`alter table "files" add constraint "files_storage_key_unique" unique ("storage_key");`)
    this.addSql(`create index files_pending on files (created_at) where state = 'pending';`)
    this.addSql(
      `alter table "files" add constraint "files_state_check" check ("state" in ('pending', 'stored', 'deleted'));`,
    )
    this.addSql(
      `alter table "files" add constraint "files_purpose_check" check ("purpose" in ('customer_invoice', 'customer_credit_memo', 'tax_document_customer_upload'));`,
    )

    this.addSql(
      `create table "file_links" ("id" text not null, "file_id" text not null, "merchant_id" text not null, "expires_at" timestamptz not null, "metadata" jsonb null, "live_mode" boolean not null, "created_at" timestamptz not null default now(), primary key ("id"));`,
    )
    this.addSql(`create index "file_links_file_id_index" on "file_links" ("file_id");`)
    this.addSql(`create index "file_links_merchant_id_index" on "file_links" ("merchant_id");`)

    this.addSql(
      `create table "fraud_findings" ("order_id" text not null, "judge" text not null, "reason" text not null, "outcome" text not null, "score" double precision null, "at" timestamptz not null default now(), primary key ("order_id", "judge", "reason"));`,
    )
    this.addSql(
      `alter table "fraud_findings" add constraint "fraud_findings_outcome_check" check ("outcome" in ('passed', 'review', 'blocked'));`,
    )

    this.addSql(
      `create table "fraud_signals" ("merchant_id" text not null, "kind" text not null, "value_hash" text not null, "order_id" text not null, "at" timestamptz not null default now(), primary key ("merchant_id", "kind", "value_hash", "order_id"));`,
    )
    this.addSql(`create index "fraud_signals_at_index" on "fraud_signals" ("at");`)
    this.addSql(
      `create index "fraud_signals_merchant_id_kind_value_hash_at_index" on "fraud_signals" ("merchant_id", "kind", "value_hash", "at");`,
    )
    this.addSql(
      `alter table "fraud_signals" add constraint "fraud_signals_kind_check" check ("kind" in ('email', 'fingerprint', 'ip'));`,
    )

    this.addSql(
      `create table "fulfillments" ("id" text not null, "order_id" text not null, "merchant_id" text not null, "items" jsonb not null, "shipment_id" text null, "tracking_company" text null, "tracking_number" text null, "tracking_url" text null, "metadata" jsonb not null, "live_mode" boolean not null, "created_at" timestamptz not null default now(), primary key ("id"));`,
    )
    this.addSql(`create index "fulfillments_order_id_index" on "fulfillments" ("order_id");`)
    this.addSql(
      `create index "fulfillments_merchant_id_created_at_index" on "fulfillments" ("merchant_id", "created_at");`,
    )

    this.addSql(
      `create table "idempotency_keys" ("merchant_id" text not null, "key" text not null, "request_hash" text not null, "status" int null, "response" text null, "created_at" timestamptz not null default now(), primary key ("merchant_id", "key"));`,
    )
    this.addSql(`create index "idempotency_keys_created_at_index" on "idempotency_keys" ("created_at");`)

    this.addSql(
      `create table "inbox_events" ("id" text not null, "provider" text not null, "account" text not null default '', "event_id" text not null, "type" text not null, "reference" text null, "charge_id" text null, "body" jsonb not null, "occurred_at" timestamptz null, "received_at" timestamptz not null default now(), "handled_at" timestamptz null, "outcome" text null, "order_id" text null, primary key ("id"));`,
    )
    this.addSql(`create index inbox_unhandled on inbox_events (received_at) where handled_at is null;`)
    this.addSql(`create index inbox_orphans on inbox_events (received_at) where outcome = 'orphaned';`)
    this.addSql(
      `alter table "inbox_events" add constraint "inbox_events_provider_account_event_id_unique" unique ("provider", "account", "event_id");`,
    )

    this.addSql(
      `create table "ledger_entries" ("id" bigserial primary key, "correlation_key" text not null, "order_id" text not null, "account" text not null, "amount" bigint not null, "currency" text not null, "created_at" timestamptz not null default now());`,
    )
    this.addSql(`create index "ledger_entries_order_id_index" on "ledger_entries" ("order_id");`)
    this.addSql(`create index "ledger_entries_account_index" on "ledger_entries" ("account");`)
    this.addSql(
      `alter table "ledger_entries" add constraint "ledger_entries_correlation_key_account_unique" unique ("correlation_key", "account");`,
    )

    this.addSql(
      `create table "licence_keys" ("id" text not null, "merchant_id" text not null, "sku_id" text not null, "key" text not null, "order_item_id" text null, "imported_at" timestamptz not null default now(), primary key ("id"));`,
    )
    this.addSql(`create index "licence_keys_order_item_id_index" on "licence_keys" ("order_item_id");`)
    this.addSql(`create index licence_keys_free on licence_keys (merchant_id, sku_id, id) where order_item_id is null;`)
    this.addSql(
      `alter table "licence_keys" add constraint "licence_keys_merchant_id_sku_id_key_unique" unique ("merchant_id", "sku_id", "key");`,
    )

    this.addSql(
      `create table "links" ("id" text not null, "merchant_id" text not null, "product_id" text not null, "slug" text not null, "title" text not null, "payment_methods" jsonb null, "is_active" boolean not null default true, "max_uses" int not null default 0, "use_count" int not null default 0, "expires_at" timestamptz null, "created_at" timestamptz not null default now(), primary key ("id"));`,
    )
    this.addSql(`create index "links_merchant_id_index" on "links" ("merchant_id");`)
    this.addSql(`alter table "links" add constraint "links_slug_unique" unique ("slug");`)
    this.addSql(`alter table "links" add constraint "links_uses" check (max_uses = 0 or use_count <= max_uses);`)

    this.addSql(
      `create table "mails" ("id" text not null, "merchant_id" text not null, "order_id" text not null, "kind" text not null, "state" text not null default 'pending', "task_id" text not null, "recipient" text null, "reply_to" text null, "subject" text null, "text" text null, "html" text null, "created_at" timestamptz not null default now(), "sent_at" timestamptz null, primary key ("id"));`,
    )
    this.addSql(`create index "mails_order_id_index" on "mails" ("order_id");`)
    this.addSql(`alter table "mails" add constraint "mails_task_id_unique" unique ("task_id");`)
    this.addSql(`create index "mails_created_at_index" on "mails" ("created_at");`)
    this.addSql(
      `alter table "mails" add constraint "mails_kind_check" check ("kind" in ('delivery', 'order_confirmation', 'payment_instructions', 'charge_failed', 'blocked', 'cancelled', 'items_cancelled', 'refund'));`,
    )
    this.addSql(
      `alter table "mails" add constraint "mails_state_check" check ("state" in ('pending', 'sent', 'kept'));`,
    )

    this.addSql(
      `create table "merchants" ("id" text not null, "parent_id" text null, "name" text not null, "email" text null, "commission_bps" int null, "commission_fixed" bigint null, "stripe_account_id" text null, "ship_from" jsonb null, "created_at" timestamptz not null default now(), primary key ("id"));`,
    )
    this.addSql(`create index "merchants_parent_id_index" on "merchants" ("parent_id");`)

    this.addSql(
      `create table "operations" ("id" text not null, "purpose" text not null, "order_id" text not null, "charge_id" text null, "kind" text not null, "provider" text not null, "amount" bigint null, "currency" text null, "request_hash" text not null, "state" text not null default 'pending', "attempts" int not null default 0, "attempt_token" text null, "lease_until" timestamptz null, "first_attempted_at" timestamptz null, "provider_reference" text null, "failure_code" text null, "created_at" timestamptz not null default now(), "completed_at" timestamptz null, primary key ("id"));`,
    )
    this.addSql(`alter table "operations" add constraint "operations_purpose_unique" unique ("purpose");`)
    this.addSql(`create index "operations_order_id_index" on "operations" ("order_id");`)
    this.addSql(`create index "operations_provider_reference_index" on "operations" ("provider_reference");`)
    this.addSql(
      `alter table "operations" add constraint "operations_kind_check" check ("kind" in ('authorize', 'capture', 'cancel', 'refund', 'transfer', 'transfer_reversal', 'label', 'pod_order'));`,
    )
    this.addSql(
      `alter table "operations" add constraint "operations_state_check" check ("state" in ('pending', 'unknown', 'complete', 'failed'));`,
    )

    this.addSql(
      `create table "orders" ("id" text not null, "merchant_id" text not null, "checkout_id" uuid not null, "api_key_id" text null, "state" text not null, "state_transitions" jsonb not null, "fraud_state" text null, "fraud_state_transitions" jsonb not null, "dispute_state" text null, "currency" text not null, "locale" text not null default 'en_US', "email" text not null, "customer_id" text null, "upstream_id" text null, "link_id" text null, "buyer_name" text null, "subtotal" bigint not null, "total_tax" bigint not null default '0', "total_duty" bigint not null default '0', "total_fees" bigint not null default '0', "total_discount" bigint not null default '0', "total_shipping" bigint not null, "total_amount" bigint not null, "ship_to" jsonb null, "bill_to" jsonb null, "shipping_choice" jsonb null, "attribution" jsonb null, "attention" jsonb null, "metadata" jsonb not null, "request_to_be_forgotten" boolean not null default false, "erased_at" timestamptz null, "live_mode" boolean not null, "fulfilled_by" text not null default 'engine', "draft" boolean not null default false, "details" jsonb null, "tax_inclusive" boolean not null default false, "customer_type" text not null default 'individual', "tax_identifiers" jsonb null, "selling_entity" jsonb null, "cancel_reason" text null, "open_steps" int not null default 0, "expires_at" timestamptz null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), primary key ("id"));`,
    )
    this.addSql(`alter table "orders" add constraint "orders_checkout_id_unique" unique ("checkout_id");`)
    this.addSql(`create index "orders_merchant_id_created_at_index" on "orders" ("merchant_id", "created_at");`)
    this.addSql(`create index orders_of_link on orders (link_id, created_at) where link_id is not null;`)
    this.addSql(`create index orders_erased on orders (erased_at) where erased_at is not null;`)
    this.addSql(`create index orders_expiring on orders (expires_at) where expires_at is not null;`)
    this.addSql(`create index orders_attention on orders (merchant_id, id) where attention is not null;`)
    this.addSql(
      `alter table "orders" add constraint "orders_state_check" check ("state" in ('pending', 'pending_payment', 'payment_failed', 'in_review', 'accepted', 'confirmed', 'fulfilled', 'complete', 'returned', 'blocked', 'cancelled'));`,
    )
    this.addSql(
      `alter table "orders" add constraint "orders_fraud_state_check" check ("fraud_state" in ('none', 'review_opened', 'passed', 'blocked'));`,
    )
    this.addSql(
      `alter table "orders" add constraint "orders_fulfilled_by_check" check ("fulfilled_by" in ('engine', 'merchant'));`,
    )
    this.addSql(
      `alter table "orders" add constraint "orders_customer_type_check" check ("customer_type" in ('individual', 'business'));`,
    )

    this.addSql(
      `create table "order_documents" ("id" text not null, "order_id" text not null, "merchant_id" text not null, "kind" text not null, "number" text not null, "selling_entity_id" text not null, "refund_id" text null, "file_id" text not null, "data" jsonb not null, "created_at" timestamptz not null default now(), primary key ("id"));`,
    )
    this.addSql(`alter table "order_documents" add constraint "order_documents_file_id_unique" unique ("file_id");`)
    this.addSql(
      `create unique index order_documents_once on order_documents (order_id, kind, refund_id) nulls not distinct;`,
    )
    this.addSql(
      `alter table "order_documents" add constraint "order_documents_kind_check" check ("kind" in ('invoice', 'credit_memo'));`,
    )

    this.addSql(
      `create table "order_items" ("id" text not null, "order_id" text not null, "position" int not null, "sku_id" text null, "seller_id" text not null, "kind" text not null, "product" jsonb not null, "quantity" int not null, "unit_price" bigint not null, "amount" bigint not null, "tax_rate" double precision not null default 0, "tax_amount" bigint not null default '0', "shipping_amount" bigint not null default '0', "shipping_tax_amount" bigint not null default '0', "duty_amount" bigint not null default '0', "fee_amount" bigint not null default '0', "fee_tax_amount" bigint not null default '0', "discount" jsonb null, "subscription" jsonb null, "ship_from" jsonb null, "metadata" jsonb null, "commission_bps" int null, "affiliate_bps" int null, "state" text not null default 'created', "state_transitions" jsonb not null, "fulfilled_quantity" int not null default 0, "cancelled_quantity" int not null default 0, "returned_quantity" int not null default 0, "refunded_amount" bigint not null default '0', primary key ("id"));`,
    )
    this.addSql(`create index "order_items_order_id_position_index" on "order_items" ("order_id", "position");`)
    this.addSql(
      `alter table "order_items" add constraint "order_items_kind_check" check ("kind" in ('digital', 'physical', 'pod'));`,
    )
    this.addSql(
      `alter table "order_items" add constraint "order_items_state_check" check ("state" in ('created', 'fulfilled', 'cancelled', 'blocked', 'returned'));`,
    )

    this.addSql(
      `create table "outgoing_events" ("id" text not null, "merchant_id" text not null, "order_id" text null, "line_id" bigint null, "type" text not null, "sequence" int not null, "live_mode" boolean not null, "data" jsonb not null, "created_at" timestamptz not null, primary key ("id"));`,
    )
    this.addSql(`create index "outgoing_events_merchant_id_id_index" on "outgoing_events" ("merchant_id", "id");`)
    this.addSql(
      `alter table "outgoing_events" add constraint "outgoing_events_order_id_sequence_unique" unique ("order_id", "sequence");`,
    )

    this.addSql(
      `create table "refunds" ("id" text not null, "order_id" text not null, "merchant_id" text not null, "return_id" text null, "type" text null, "currency" text not null, "amount" bigint not null, "refunded_amount" bigint not null default '0', "percent" double precision null, "items" jsonb not null default '[]', "reason" text null, "state" text not null default 'pending', "state_transitions" jsonb not null, "failure_reason" text null, "metadata" jsonb not null, "live_mode" boolean not null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), primary key ("id"));`,
    )
    this.addSql(`create index "refunds_order_id_index" on "refunds" ("order_id");`)
    this.addSql(`create index "refunds_merchant_id_created_at_index" on "refunds" ("merchant_id", "created_at");`)
    this.addSql(
      `alter table "refunds" add constraint "refunds_within" check (amount > 0 and refunded_amount <= amount);`,
    )
    this.addSql(
      `alter table "refunds" add constraint "refunds_type_check" check ("type" in ('shipping', 'tax', 'duty', 'importer_tax'));`,
    )
    this.addSql(
      `alter table "refunds" add constraint "refunds_state_check" check ("state" in ('pending', 'pending_information', 'succeeded', 'failed'));`,
    )

    this.addSql(
      `create table "returns" ("id" text not null, "order_id" text not null, "merchant_id" text not null, "items" jsonb not null, "reason" text null, "location" jsonb null, "state" text not null default 'created', "metadata" jsonb not null, "live_mode" boolean not null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), primary key ("id"));`,
    )
    this.addSql(`create index "returns_order_id_index" on "returns" ("order_id");`)
    this.addSql(`create index "returns_merchant_id_created_at_index" on "returns" ("merchant_id", "created_at");`)
    this.addSql(
      `alter table "returns" add constraint "returns_state_check" check ("state" in ('created', 'accepted'));`,
    )

    this.addSql(
      `create table "selling_entities" ("id" uuid not null, "merchant_id" text null, "entity_id" text not null, "name" text not null, "country" text not null, "position" int not null, "ship_from_countries" jsonb not null, "ship_to_countries" jsonb not null, "bill_to_countries" jsonb not null, "tax_identifiers" jsonb not null, "address" jsonb not null, "disclosures" jsonb not null, "created_at" timestamptz not null default now(), primary key ("id"));`,
    )
    this.addSql(
      `create unique index selling_entities_id on selling_entities (merchant_id, entity_id) nulls not distinct;`,
    )

    this.addSql(
      `create table "sessions" ("hash" text not null, "user_id" text not null, "created_at" timestamptz not null default now(), "expires_at" timestamptz not null, "confirmed_until" timestamptz null, primary key ("hash"));`,
    )
    this.addSql(`create index "sessions_user_id_index" on "sessions" ("user_id");`)
    this.addSql(`create index "sessions_expires_at_index" on "sessions" ("expires_at");`)

    this.addSql(
      `create table "shipments" ("id" text not null, "order_id" text not null, "seller_id" text not null, "path" text not null, "provider" text not null, "provider_reference" text null, "state" text not null default 'created', "item_ids" jsonb not null, "carrier" text null, "service" text null, "tracking_number" text null, "tracking_url" text null, "label_url" text null, "cost" bigint null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), primary key ("id"));`,
    )
    this.addSql(
      `alter table "shipments" add constraint "shipments_order_id_path_seller_id_unique" unique ("order_id", "path", "seller_id");`,
    )
    this.addSql(
      `alter table "shipments" add constraint "shipments_provider_reference" unique ("provider", "provider_reference");`,
    )
    this.addSql(`alter table "shipments" add constraint "shipments_path_check" check ("path" in ('shipping', 'pod'));`)
    this.addSql(
      `alter table "shipments" add constraint "shipments_state_check" check ("state" in ('created', 'purchased', 'in_transit', 'delivered', 'failed'));`,
    )

    this.addSql(
      `create table "shipping_rates" ("id" text not null, "checkout_id" uuid not null, "amount" bigint not null, "description" text not null, "service_level" text not null, "carrier" text not null, "delivery_days" int null, "parts" jsonb not null, "created_at" timestamptz not null default now(), primary key ("id"));`,
    )
    this.addSql(`create index "shipping_rates_checkout_id_index" on "shipping_rates" ("checkout_id");`)

    this.addSql(
      `create table "skus" ("merchant_id" text not null, "id" text not null, "seller_id" text not null, "name" text not null, "description" text null, "image_url" text null, "kind" text not null, "price" bigint not null, "currency" text not null, "tax_code" text null, "weight" double precision null, "weight_unit" text null, "dimensions" jsonb null, "country_of_origin" text null, "printful" jsonb null, "delivery" jsonb null, "licensed" boolean not null default false, "download_limit" int null, "affiliate_bps" int null, "commission_bps" int null, "metadata" jsonb not null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), "deleted_at" timestamptz null, primary key ("merchant_id", "id"));`,
    )
    this.addSql(`alter table "skus" add constraint "skus_kind_check" check ("kind" in ('digital', 'physical', 'pod'));`)
    this.addSql(
      `alter table "skus" add constraint "skus_weight_unit_check" check ("weight_unit" in ('oz', 'lb', 'g', 'kg'));`,
    )

    this.addSql(
      `create table "sources" ("id" uuid not null, "merchant_id" text not null, "api_key_id" text null, "customer_id" text null, "type" text not null, "flow" text not null, "state" text not null, "reusable" boolean not null default false, "currency" text null, "amount" bigint null, "owner" jsonb null, "details" jsonb not null default '{}', "provider" text not null, "provider_reference" text null, "setup_reference" text null, "client_secret" text null, "fingerprint" text null, "checkout_id" uuid null, "live_mode" boolean not null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), primary key ("id"));`,
    )
    this.addSql(`create index "sources_merchant_id_customer_id_index" on "sources" ("merchant_id", "customer_id");`)
    this.addSql(`create index "sources_setup_reference_index" on "sources" ("setup_reference");`)
    this.addSql(`create index "sources_provider_reference_index" on "sources" ("provider_reference");`)
    this.addSql(
      `alter table "sources" add constraint "sources_flow_check" check ("flow" in ('standard', 'redirect', 'receiver'));`,
    )
    this.addSql(
      `alter table "sources" add constraint "sources_state_check" check ("state" in ('requires_action', 'pending_redirect', 'pending_funds', 'chargeable', 'consumed', 'cancelled', 'failed'));`,
    )

    this.addSql(
      `create table "splits" ("id" text not null, "charge_id" text not null, "order_id" text not null, "position" int not null, "kind" text not null, "recipient" text not null, "destination" text null, "amount" bigint not null, "executed_amount" bigint not null default '0', "cancelled_amount" bigint not null default '0', "reversed_amount" bigint not null default '0', "currency" text not null, "state" text not null default 'planned', "settlement_reference" text null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), primary key ("id"));`,
    )
    this.addSql(`create index "splits_order_id_index" on "splits" ("order_id");`)
    this.addSql(`create index splits_unsettled on splits (created_at) where state = 'recorded';`)
    this.addSql(
      `alter table "splits" add constraint "splits_charge_id_position_unique" unique ("charge_id", "position");`,
    )
    this.addSql(`alter table "splits" add constraint "splits_not_negative" check (amount >= 0);`)
    this.addSql(
      `alter table "splits" add constraint "splits_within" check (executed_amount + cancelled_amount <= amount and reversed_amount <= executed_amount);`,
    )
    this.addSql(
      `alter table "splits" add constraint "splits_kind_check" check ("kind" in ('platform', 'provider_fee', 'fulfilment', 'affiliate', 'referrer', 'merchant'));`,
    )
    this.addSql(
      `alter table "splits" add constraint "splits_state_check" check ("state" in ('planned', 'executed', 'recorded', 'settled', 'reversed'));`,
    )

    this.addSql(
      `create table "tasks" ("id" text not null, "job" text not null, "queue" text not null, "payload" jsonb not null, "dedupe_key" text not null, "order_id" text null, "state" text not null, "epoch" int not null default 1, "rings" int not null default 0, "run_at" timestamptz not null, "enqueued_at" timestamptz null, "attempts" int not null default 0, "last_error" text null, "created_at" timestamptz not null default now(), "done_at" timestamptz null, primary key ("id"));`,
    )
    this.addSql(`alter table "tasks" add constraint "tasks_dedupe_key_unique" unique ("dedupe_key");`)
    this.addSql(`create index "tasks_order_id_index" on "tasks" ("order_id");`)
    this.addSql(`create index tasks_due on tasks (run_at) where state in ('pending', 'enqueued');`)
    this.addSql(`create index tasks_failed on tasks (created_at) where state = 'failed';`)
    this.addSql(
      `alter table "tasks" add constraint "tasks_state_check" check ("state" in ('pending', 'enqueued', 'done', 'failed'));`,
    )

    this.addSql(
      `create table "tax_identifiers" ("id" text not null, "merchant_id" text not null, "customer_id" text null, "type" text not null, "value" text not null, "state" text not null, "state_transitions" jsonb not null, "verified_name" text null, "verified_address" text null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), primary key ("id"));`,
    )
    this.addSql(`create index "tax_identifiers_merchant_id_index" on "tax_identifiers" ("merchant_id");`)
    this.addSql(
      `create unique index tax_identifiers_customer_type on tax_identifiers (merchant_id, customer_id, type) where customer_id is not null;`,
    )
    this.addSql(
      `alter table "tax_identifiers" add constraint "tax_identifiers_state_check" check ("state" in ('pending', 'verified', 'not_valid'));`,
    )

    this.addSql(
      `create table "tax_rates" ("id" text not null, "country" text not null, "state" text null, "category" text not null, "rate_ppm" int not null, "shipping_taxable" boolean not null default true, "valid_from" date not null, "valid_until" date null, primary key ("id"));`,
    )
    this.addSql(
      `alter table "tax_rates" add constraint "tax_rates_place" unique ("country", "state", "category", "valid_from");`,
    )
    this.addSql(`alter table "tax_rates" add constraint "tax_rates_rate" check (rate_ppm between 0 and 1000000);`)
    this.addSql(
      `alter table "tax_rates" add constraint "tax_rates_time" check (valid_until is null or valid_until > valid_from);`,
    )
    this.addSql(
      `alter table "tax_rates" add constraint "tax_rates_category_check" check ("category" in ('standard', 'digital', 'reduced'));`,
    )

    this.addSql(
      `create table "order_timeline" ("id" bigserial primary key, "order_id" text not null, "at" timestamptz not null default clock_timestamp(), "kind" text not null, "subject" text not null, "subject_id" text not null, "from_state" text null, "to_state" text null, "cause" text not null, "detail" jsonb null, "published_at" timestamptz null);`,
    )
    this.addSql(`create index "order_timeline_order_id_index" on "order_timeline" ("order_id");`)
    this.addSql(`create index order_timeline_unpublished on order_timeline (id) where published_at is null;`)

    this.addSql(
      `create table "users" ("id" text not null, "email" text not null, "password_hash" text not null, "merchant_id" text null, "created_at" timestamptz not null default now(), primary key ("id"));`,
    )
    this.addSql(`alter table "users" add constraint "users_email_unique" unique ("email");`)
    this.addSql(`create index "users_merchant_id_index" on "users" ("merchant_id");`)

    this.addSql(
      `create table "webhook_endpoints" ("id" text not null, "merchant_id" text not null, "url" text not null, "description" text null, "types" jsonb not null, "secret" text not null, "previous_secret" text null, "previous_secret_expires_at" timestamptz null, "disabled_reason" text null, "failing_since" timestamptz null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), primary key ("id"));`,
    )
    this.addSql(`create index "webhook_endpoints_merchant_id_index" on "webhook_endpoints" ("merchant_id");`)
    this.addSql(
      `alter table "webhook_endpoints" add constraint "webhook_endpoints_disabled_reason_check" check ("disabled_reason" in ('merchant', 'gone', 'failing'));`,
    )
  }
}
