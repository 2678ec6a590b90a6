create table orders (
  id bigint generated always as identity primary key,
  customer text not null,
  total numeric(12, 2) not null,
  created_at timestamptz not null default now()
);
create index orders_customer on orders (customer);
