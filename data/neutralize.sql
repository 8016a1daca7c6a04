-- A copied database must never issue a legal document: no token, no environment.
UPDATE res_company
   SET smart_token = NULL,
       smart_environment = 'disabled',
       smart_base_url = NULL;
UPDATE smart_lane
   SET blocked = true,
       reason = 'This is a copy of a database.';
