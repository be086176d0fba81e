// Auth.js with its PostgreSQL adapter and an email provider, as its documentation sets them up, on the Node adapter of Hono.
import { Auth } from '@auth/core'
import PostgresAdapter from '@auth/pg-adapter'
import { getRequestListener } from '@hono/node-server'
import { mail, openPool, serve, setup } from './peer.js'

const pool = openPool({ max: 20, idleTimeoutMillis: 30_000, connectionTimeoutMillis: 2_000 })

// The tables of its documentation. The two indexes are ours: without them each look-up reads a whole table.
await pool.query(`
  create table verification_token (
    identifier text not null, expires timestamptz not null, token text not null, primary key (identifier, token)
  );
  create table accounts (
    id serial primary key, "userId" integer not null, type varchar(255) not null, provider varchar(255) not null,
    "providerAccountId" varchar(255) not null, refresh_token text, access_token text, expires_at bigint, id_token text,
    scope text, session_state text, token_type text
  );
  create table sessions (
    id serial primary key, "userId" integer not null, expires timestamptz not null, "sessionToken" varchar(255) not null
  );
  create table users (
    id serial primary key, name varchar(255), email varchar(255), "emailVerified" timestamptz, image text
  );
  create unique index on sessions ("sessionToken");
  create unique index on users (email);
`)

const config = {
  secret: setup.secret,
  basePath: '/auth',
  trustHost: true,
  // Its proxy ends TLS.
  useSecureCookies: true,
  adapter: PostgresAdapter(pool),
  // It would tell of the one link that is spent twice, to see it refused.
  logger: { error: () => {} },
  providers: [
    {
      id: 'email',
      name: 'Email',
      type: 'email',
      maxAge: 900,
      sendVerificationRequest: async ({ url }) => mail(url),
    },
  ],
}

serve(getRequestListener((request) => Auth(request, config)))
