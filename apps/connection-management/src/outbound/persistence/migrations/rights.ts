/** What the service may do with each table: it adds to the audit, but cannot change or remove entries. */
export const rights: Readonly<Record<string, string>> = {
  connections: 'SELECT, INSERT, UPDATE, DELETE',
  source_orgs: 'SELECT, INSERT, UPDATE',
  audit_entries: 'SELECT, INSERT',
  outbox: 'SELECT, INSERT, DELETE',
  outbox_lease: 'SELECT, UPDATE',
  limits: 'SELECT, INSERT, UPDATE, DELETE',
  access_tokens: 'SELECT, INSERT, UPDATE, DELETE',
  integrations: 'SELECT, INSERT, UPDATE, DELETE',
  access_policy: 'SELECT, INSERT, UPDATE',
};
