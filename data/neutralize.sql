-- A copied database must never issue a legal document: no token, no environment.
UPDATE res_company
   SET smart_token_sealed = NULL,
       smart_token_origin = NULL,
       smart_environment = 'disabled',
       smart_base_url = NULL;
-- Nor may it open what the original's log, or a dump, has of its tokens.
UPDATE smart_token_key
   SET secret = translate(encode(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()),
                                 'base64'), '+/', '-_');
UPDATE smart_lane
   SET blocked = true,
       reason = 'This is a copy of a database.';
