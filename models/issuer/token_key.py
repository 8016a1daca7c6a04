import os

from odoo import api, fields, models
from odoo.tools import config, ormcache

from ...smart_api.sealing import Seal, split_keys

#: In odoo.conf; the variable of the environment has the same name in capitals.
OPTION = "l10n_ve_edi_smart_key"


class SmartTokenKey(models.Model):
    """The keys that seal tokens: the server's, and the one that the database has of its own.

    Whoever runs the server gives it a key, which is nowhere in the database. Without one there
    is the key of the only row of this table. PostgreSQL draws that when the addon is installed
    (two random UUIDs in base64: a key as Fernet has them), so that there is one before anybody
    needs it, and no statement ever has it.
    """

    _name = "smart.token.key"
    _description = "Key that Seals SMART's Tokens"
    _log_access = False

    secret = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)

    def init(self):
        # EXTENDS 'base': runs when the addon is installed or upgraded
        self._draw()
        return super().init()

    @api.model
    def _draw(self):
        """Have PostgreSQL draw the key if there is none, and forget which one there was.

        Of two transactions that do so at once one fails to serialize, and is repeated by Odoo:
        what they seal is sealed with the key that is in the table.
        """
        self.env.cr.execute(
            """
            INSERT INTO smart_token_key (id, secret)
            SELECT 1, translate(encode(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()),
                                       'base64'), '+/', '-_')
                ON CONFLICT DO NOTHING
            """
        )
        self.env.registry.clear_cache()

    @api.model
    def _seal(self):
        """Return what seals and opens tokens: first with the server's keys, in their order.

        :rtype: smart_api.sealing.Seal
        """
        servers = split_keys(os.environ.get(OPTION.upper()) or config.get(OPTION))
        return Seal([*servers, *self._secrets()])

    @api.model
    @ormcache()
    def _secrets(self):
        # SQL: nobody may read the field, and its value is in no statement
        self.env.cr.execute("SELECT secret FROM smart_token_key")
        return [secret for [secret] in self.env.cr.fetchall()]
