import { Migration } from '@mikro-orm/migrations'

export class Migration20261130034843_cart_tax extends Migration {
  override name = 'Migration20261130034843_cart_tax'

  override up(): void | Promise<void> {
    this.addSql(`alter table "checkouts" add "tax_quote" jsonb null;`)

    this.addSql(`alter table "merchants" add "cart_tax" text not null default 'none';`)
    this.addSql(
      `alter table "merchants" add constraint "merchants_cart_tax_check" check ("cart_tax" in ('none', 'exclusive', 'inclusive'));`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "checkouts" drop column "tax_quote";`)

    this.addSql(`alter table "merchants" drop constraint "merchants_cart_tax_check";`)
    this.addSql(`alter table "merchants" drop column "cart_tax";`)
  }
}
